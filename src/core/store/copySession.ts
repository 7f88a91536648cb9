import { StoreError } from '../errors';
import type { Envelope } from '../protocol/events';
import type { CallId } from '../protocol/ids';
import type { Message } from '../protocol/messages';
import type { TodoItem } from '../protocol/todos';
import { isFinal } from '../protocol/toolCalls';
import type { JsonObject } from '../util/json';
import { recordKinds, type SessionLog, type SessionReader, type SessionRecord } from './store';

/** Messages or events per commit: a long history is never held whole. */
const sliceLength = 500;

/**
 * Copies a history up to a place into an empty log: messages [0, `messageCount`), the tool calls they ask for that have come to
 * their end, events up to and including `seq`, what followed from these: todos, number of steps, snapshots, and the records
 * that tell of that part. `info` is the caller's: it says whose history this is now; what was
 * spent stays with the old one. Resolves once all of it would survive a crash; after a failure the log holds a part
 * and is to be thrown away.
 * @throws StoreError 'not_found' when there are fewer messages; what either side throws.
 */
export async function copySession(
  from: SessionReader,
  to: SessionLog,
  upTo: { readonly messageCount: number; readonly seq: number },
): Promise<void> {
  await copyMessages(from, to, upTo.messageCount);
  const { todos, stepCount } = await copyEvents(from, to, upTo.seq);
  const snapshots = (await from.readSnapshots()).filter(
    ({ messageCount, seq }) => messageCount <= upTo.messageCount && seq <= upTo.seq,
  );
  await copyRecords(from, to, upTo);
  await to.commit({ envelopes: [], snapshots, stepCount, ...(todos && { todos }) });
  await to.barrier();
}

async function copyMessages(from: SessionReader, to: SessionLog, messageCount: number): Promise<void> {
  for (let place = 0; place < messageCount; place += sliceLength) {
    const end = Math.min(place + sliceLength, messageCount);
    const messages = await from.readMessages({ from: place, to: end });
    if (messages.length !== end - place)
      throw new StoreError('not_found', `The session has ${place + messages.length} messages, not ${messageCount}.`, {
        advice: 'Choose a place within the conversation.',
      });
    const calls = await from.readToolCalls(callsIn(messages));
    await to.commit({ envelopes: [], messages, toolCalls: calls.filter(({ state }) => isFinal(state)) });
  }
}

async function copyRecords(
  from: SessionReader,
  to: SessionLog,
  upTo: { readonly messageCount: number; readonly seq: number },
): Promise<void> {
  for (const kind of recordKinds) {
    const records = (await from.readRecords(kind)).filter((record) => belongsTo(record, upTo));
    if (records.length > 0) await to.commit({ envelopes: [], records });
  }
}

/**
 * Whether a record tells of that part of the history: a compaction by the messages that it stands for, a checkpoint by its event.
 * That something went back is the old history's: there it can be undone.
 */
function belongsTo(
  { kind, body }: SessionRecord,
  upTo: { readonly messageCount: number; readonly seq: number },
): boolean {
  if (kind === 'compaction') return numberIn(body, 'messageCount') <= upTo.messageCount;
  if (kind === 'checkpoint') return numberIn(body, 'seq') <= upTo.seq;
  return kind !== 'restore' && kind !== 'rewound';
}

function numberIn(body: JsonObject, name: string): number {
  const value = body[name];
  return typeof value === 'number' ? value : Infinity;
}

async function copyEvents(
  from: SessionReader,
  to: SessionLog,
  lastSeq: number,
): Promise<{ readonly todos: readonly TodoItem[] | undefined; readonly stepCount: number }> {
  let todos: readonly TodoItem[] | undefined;
  let stepCount = 0;
  let slice: Envelope[] = [];
  for await (const envelope of from.readEvents()) {
    if (envelope.bookmark.seq > lastSeq) break;
    if (envelope.event.type === 'todo_changed') todos = envelope.event.current;
    else if (envelope.event.type === 'step_complete') stepCount++;
    slice.push(envelope);
    if (slice.length < sliceLength) continue;
    await to.commit({ envelopes: slice });
    slice = [];
  }
  if (slice.length > 0) await to.commit({ envelopes: slice });
  return { todos, stepCount };
}

/** The calls that these messages ask for. */
export function callsIn(messages: readonly Message[]): readonly CallId[] {
  return messages.flatMap(({ content }) => content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : [])));
}
