import { strict as assert } from 'node:assert';
import { copySession } from '../../../src/core/store/copySession';
import { MemoryStore } from '../../../src/core/store/memoryStore';
import { addSpending, noUsage } from '../../../src/core/protocol/usage';
import type { SessionLog } from '../../../src/core/store/store';
import { recordOf, recordsOf } from '../../support/batches';
import {
  agentIdOf,
  callMessage,
  callRecord,
  conversation,
  envelopeOf,
  eventsOf,
  resultMessage,
  userMessage,
} from '../../support/histories';
import { refusalOf } from '../../support/refusal';

describe('a copy of a session up to a place', () => {
  let from: SessionLog;
  let to: SessionLog;
  beforeEach(async () => {
    const store = new MemoryStore();
    from = await store.open(agentIdOf('from'), 'create');
    to = await store.open(agentIdOf('to'), 'create');
  });

  it('has the messages before it and the events up to it, nothing later', async () => {
    await from.commit({ envelopes: [1, 2, 3, 4].map((seq) => envelopeOf(seq)), messages: conversation(6) });
    await copySession(from, to, { messageCount: 4, seq: 3 });
    assert.deepEqual(await to.readMessages(), conversation(4));
    assert.deepEqual(
      (await eventsOf(to)).map(({ bookmark }) => bookmark.seq),
      [1, 2, 3],
    );
  });

  it('has the calls of its messages, without those that are still open', async () => {
    await from.commit({
      envelopes: [],
      messages: [
        callMessage(0, 'done'),
        resultMessage(1, 'done'),
        callMessage(2, 'open'),
        callMessage(3, 'later'),
        resultMessage(4, 'later'),
      ],
      toolCalls: [callRecord('done'), callRecord('open', 'EXECUTING'), callRecord('later')],
    });
    await copySession(from, to, { messageCount: 3, seq: 0 });
    assert.deepEqual(await to.readToolCalls(), [callRecord('done')]);
    assert.deepEqual((await to.load()).openToolCalls, []);
  });

  it('has the todos, the steps and the snapshots of that time', async () => {
    const todo = (title: string) => ({ id: '1', title, status: 'pending', createdAt: 1, updatedAt: 1 }) as const;
    const changed = (title: string) =>
      ({ channel: 'monitor', type: 'todo_changed', current: [todo(title)], previous: [] }) as const;
    const step = { channel: 'monitor', type: 'step_complete', step: 1, durationMs: 5 } as const;
    const events = [changed('early'), step, changed('late'), step];
    const snapshot = (id: string, messageCount: number, seq: number) => ({ id, messageCount, seq, createdAt: 1 });
    await from.commit({
      envelopes: events.map((event, index) => envelopeOf(index + 1, event)),
      messages: conversation(4),
      todos: [todo('late')],
      snapshots: [snapshot('before', 2, 1), snapshot('after', 4, 4)],
      stepCount: 2,
    });
    await copySession(from, to, { messageCount: 2, seq: 2 });
    const { todos, stepCount } = await to.load();
    assert.deepEqual(todos, [todo('early')]);
    assert.equal(stepCount, 1);
    assert.deepEqual(await to.readSnapshots(), [snapshot('before', 2, 1)]);
  });

  it('has spent nothing, and has the records, of the compactions those of its own part', async () => {
    const other = [recordOf('w', 'history_window', { messageCount: 9 }), recordOf('m', 'media')];
    const compactions = [2, 4, 5].map((messageCount) => recordOf(`c${messageCount}`, 'compaction', { messageCount }));
    await from.commit({
      ...{ envelopes: [], messages: conversation(6) },
      records: [...other, ...compactions, recordOf('strange', 'compaction', { messageCount: 'two' })],
      spending: addSpending([], { vendor: 'v', model: 'm' }, { ...noUsage, cost: 1 }),
    });
    await copySession(from, to, { messageCount: 4, seq: 0 });
    assert.deepEqual(await recordsOf(to), [...compactions.slice(0, 2), ...other]);
    assert.deepEqual((await to.load()).spending, []);
  });

  it('is written in slices, so that a long history is never held whole', async () => {
    await from.commit({
      envelopes: Array.from({ length: 1_203 }, (_, index) => envelopeOf(index + 1)),
      messages: conversation(1_101),
    });
    let largest = 0;
    const commit = to.commit.bind(to);
    to.commit = async (batch) => {
      largest = Math.max(largest, batch.envelopes.length, batch.messages?.length ?? 0);
      await commit(batch);
    };
    await copySession(from, to, { messageCount: 1_101, seq: 1_203 });
    assert.equal(largest, 500);
    assert.deepEqual(await to.readMessages(), conversation(1_101));
    assert.equal((await to.load()).lastSeq, 1_203);
  });

  it('is refused past the end of the conversation', async () => {
    await from.commit({ envelopes: [], messages: [userMessage(0)] });
    const refused = await refusalOf('not_found', copySession(from, to, { messageCount: 5, seq: 0 }));
    assert.match(refused.message, /1 messages, not 5/);
  });
});
