import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { isFinal, type ToolCallRecord } from '../../src/core/protocol/toolCalls';
import { recordKinds, type Batch, type SessionLog, type SessionRecordKind } from '../../src/core/store/store';
import { callOf, collect, envelopeOf, everythingOf, recordOf, textMessage } from './batches';
import type { SessionBench } from './sessionBench';

type Step =
  | { readonly kind: 'commit'; readonly batch: RandomBatch }
  | { readonly kind: 'reopen' }
  | { readonly kind: 'barrier' }
  | { readonly kind: 'range'; readonly from: number; readonly length: number }
  | { readonly kind: 'events'; readonly since: number };
type RandomBatch = Partial<{
  events: number;
  messages: number;
  keep: number;
  calls: readonly (readonly [name: number, isOver: boolean])[];
  turn: boolean;
  stepCount: number;
  snapshot: number;
  records: readonly (readonly [kind: SessionRecordKind, name: number])[];
}>;

const small = fc.nat(5);
const batches: fc.Arbitrary<RandomBatch> = fc.record(
  {
    ...{ events: fc.nat(4), messages: fc.nat(3), keep: fc.nat(12), turn: fc.boolean(), stepCount: small },
    ...{ calls: fc.array(fc.tuple(small, fc.boolean()), { maxLength: 3 }), snapshot: small },
    records: fc.array(fc.tuple(fc.constantFrom(...recordKinds), small), { maxLength: 3 }),
  },
  { requiredKeys: [] },
);
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('commit' as const), batch: batches }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'reopen' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'barrier' as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('range' as const), from: fc.nat(9), length: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('events' as const), since: fc.nat(30) }) },
);

/** Random histories, held against what the simplest thing that could work says. */
export function sessionDiffer(benchOf: (name: string) => SessionBench): void {
  it('does with any history what a naive model does', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 25 }), (history) => follow(history, benchOf(`run-${run++}`))),
      { numRuns: 25 },
    );
  });
}

async function follow(history: readonly Step[], bench: SessionBench): Promise<void> {
  const model = newModel();
  let log = await bench.create();
  const reader = await bench.read();
  try {
    for (const step of history) log = await take(step, log, model, bench);
    assert.deepEqual(await everythingOf(log), model.everything());
    assert.deepEqual(await everythingOf(reader), model.everything());
  } finally {
    await reader.close();
    await log.close();
  }
}

async function take(
  step: Step,
  log: SessionLog,
  model: ReturnType<typeof newModel>,
  bench: SessionBench,
): Promise<SessionLog> {
  switch (step.kind) {
    case 'commit': {
      const batch = model.batchOf(step.batch);
      await log.commit(batch);
      model.take(batch);
      return log;
    }
    case 'reopen': {
      await log.close();
      model.close();
      const again = await bench.reopen();
      assert.deepEqual(await everythingOf(again), model.everything());
      return again;
    }
    case 'barrier':
      await log.barrier();
      return log;
    case 'range': {
      const range = { from: step.from, to: step.from + step.length };
      assert.deepEqual(await log.readMessages(range), model.everything().messages.slice(range.from, range.to));
      return log;
    }
    case 'events': {
      const since = { seq: step.since, timestamp: 0 };
      const expected = model.everything().events.filter(({ cursor }) => cursor > step.since);
      assert.deepEqual(await collect(log.readEvents({ since })), expected);
      return log;
    }
  }
}

/** Everything in plain arrays, thrown together anew at every commit. */
function newModel() {
  let now = {
    ...{ messages: [] as Batch['messages'] & object, events: [] as Batch['envelopes'], closedCleanly: true },
    ...{ toolCalls: [] as readonly ToolCallRecord[], snapshots: [] as Batch['snapshots'] & object },
    records: [] as Batch['records'] & object,
    ...{ turn: undefined as Batch['turn'], stepCount: 0 },
  };
  let made = 0;
  return {
    batchOf({ events = 0, messages, keep, calls, turn, stepCount, snapshot, records }: RandomBatch): Batch {
      const lastSeq = now.events.at(-1)?.cursor ?? 0;
      const id = `snapshot ${snapshot}`;
      return {
        envelopes: Array.from({ length: events }, (_, index) => envelopeOf(lastSeq + index + 1)),
        ...(messages !== undefined && { messages: Array.from({ length: messages }, () => textMessage(`m${made++}`)) }),
        ...(keep !== undefined && { keepMessages: keep }),
        ...(calls && { toolCalls: calls.map(([name, isOver]) => callOf(`c${name}`, isOver ? 'SEALED' : 'PENDING')) }),
        ...(turn !== undefined && { turn: turn ? { messageId: textMessage(`m${made}`).id, startedAt: made } : null }),
        ...(stepCount !== undefined && { stepCount }),
        ...(snapshot !== undefined && {
          snapshots: [{ id, messageCount: made, seq: lastSeq, createdAt: made }],
        }),
        ...(records && { records: records.map(([kind, name]) => recordOf(`r${name}`, kind, { made: made++ })) }),
      };
    },
    take({ envelopes, messages = [], keepMessages, turn, stepCount, ...batch }: Batch): void {
      const { toolCalls = [], snapshots = [], records = [] } = batch;
      now = {
        messages: [...now.messages.slice(0, keepMessages), ...messages],
        events: [...now.events, ...envelopes],
        toolCalls: toolCalls.reduce(withItem, now.toolCalls),
        snapshots: snapshots.reduce(withItem, now.snapshots),
        records: records.reduce(withItem, now.records),
        turn: turn === undefined ? now.turn : turn,
        stepCount: stepCount ?? now.stepCount,
        closedCleanly: false,
      };
    },
    close(): void {
      now = { ...now, closedCleanly: true };
    },
    everything() {
      const { messages, events, toolCalls, snapshots, records, turn, stepCount, closedCleanly } = now;
      const byKind = recordKinds.flatMap((kind) => records.filter((record) => record.kind === kind));
      const openToolCalls = toolCalls.filter(({ state }) => !isFinal(state));
      const lastSeq = events.at(-1)?.cursor ?? 0;
      const state = {
        ...{ info: undefined, messageCount: messages.length, openToolCalls, todos: [], queued: [] },
        ...{ turn: turn ?? undefined, stepCount, spending: [], lastSeq, closedCleanly },
      };
      return { state, messages, events, toolCalls, snapshots, records: byKind };
    },
  };
}

function withItem<T extends { readonly id: string; readonly kind?: string }>(
  items: readonly T[],
  item: T,
): readonly T[] {
  const isItem = ({ id, kind }: T): boolean => id === item.id && kind === item.kind;
  return items.some(isItem) ? items.map((one) => (isItem(one) ? item : one)) : [...items, item];
}
