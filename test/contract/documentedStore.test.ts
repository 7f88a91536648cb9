import { strict as assert } from 'node:assert';
import { Agent } from '../../src/core/agent/agent';
import type { Envelope } from '../../src/core/protocol/events';
import type { ExtendedStore } from '../../src/core/store/documentedStore';
import type { SessionStore } from '../../src/core/store/store';
import { dependenciesFor, nextEvent, workspaceWith } from '../support/agents';
import { documentedStores } from '../support/documentedStores';
import {
  agentIdOf,
  assistantMessage,
  callMessage,
  callRecord,
  conversation,
  envelopeOf,
  infoOf,
  resultMessage,
  userMessage,
} from '../support/histories';
import { refusalOf } from '../support/refusal';
import { useTempFolder } from '../support/tempFolder';

for (const { name, make } of documentedStores)
  describe(`the documented names of ${name}`, () => {
    const folder = useTempFolder();
    let store: ExtendedStore & SessionStore;
    beforeEach(() => {
      store = make(folder.path);
    });
    afterEach(() => store.close());

    it('refuse ids that are none, and never take an empty one for all', async () => {
      await store.saveInfo('one', infoOf('one'));
      for (const id of ['', '..', '../one', 'a/b', 'a\\b', 'x'.repeat(201)]) {
        await refusalOf('invalid_id', store.delete(id));
        await refusalOf('invalid_id', store.loadMessages(id));
        await refusalOf('invalid_id', store.saveMessages(id, []));
        await refusalOf('invalid_id', timelinesOf(store.readEvents(id)));
      }
      await refusalOf('invalid_id', store.saveInfo('two', infoOf('one')));
      assert.deepEqual(await store.list(), ['one']);
    });

    it('give messages that cannot be changed in place', async () => {
      await store.saveMessages('one', conversation(2));
      const loaded = await store.loadMessages('one');
      assert.ok(Object.isFrozen(loaded));
      assert.ok(Object.isFrozen(loaded[0]?.content[0]));
      await store.saveMessages('one', [...loaded, userMessage(2)]);
      assert.deepEqual(await store.loadMessages('one'), conversation(3));
    });

    it('take a message that was changed, a shorter conversation and an empty one', async () => {
      await store.saveMessages('one', conversation(6));
      const changed = conversation(6).with(1, assistantMessage(1, 'Another answer'));
      await store.saveMessages('one', changed);
      assert.deepEqual(await store.loadMessages('one'), changed);
      await store.saveMessages('one', changed.slice(0, 2));
      assert.deepEqual(await store.loadMessages('one'), changed.slice(0, 2));
      await store.saveMessages('one', []);
      assert.deepEqual(await store.loadMessages('one'), []);
      await store.saveMessages('one', conversation(1));
      assert.deepEqual(await store.loadMessages('one'), conversation(1));
    });

    it('update calls by their ids and take none away', async () => {
      await store.saveToolCallRecords('one', [callRecord('a', 'EXECUTING'), callRecord('b')]);
      const ended = { ...callRecord('a'), updatedAt: 1_500 };
      await store.saveToolCallRecords('one', [ended]);
      assert.deepEqual(await store.loadToolCallRecords('one'), [ended, callRecord('b')]);
    });

    it('read events after a place and of one channel, and refuse one that comes too late', async () => {
      const monitor = { channel: 'monitor', type: 'state_changed', state: 'WORKING' } as const;
      for (const timeline of [envelopeOf(1), envelopeOf(2, monitor), envelopeOf(3)])
        await store.appendEvent('one', timeline);
      assert.deepEqual(await seqsOf(store.readEvents('one')), [1, 2, 3]);
      assert.deepEqual(await seqsOf(store.readEvents('one', { since: { seq: 1, timestamp: 0 } })), [2, 3]);
      assert.deepEqual(await seqsOf(store.readEvents('one', { channel: 'monitor' })), [2]);
      const refused = await refusalOf('conflict', store.appendEvent('one', envelopeOf(3)));
      assert.match(refused.advice, /above 3/);
      await store.appendEvent('one', envelopeOf(4));
    });

    it('keep reading while an agent writes, and refuse to write beside it', async () => {
      await store.saveMessages('one', conversation(2));
      const log = await store.open(agentIdOf('one'), 'existing');
      await log.commit({ envelopes: [envelopeOf(1)], messages: [userMessage(2)] });
      assert.deepEqual(await store.loadMessages('one'), conversation(3));
      assert.deepEqual(await seqsOf(store.readEvents('one')), [1]);
      const refused = await refusalOf('conflict', store.saveMessages('one', []));
      assert.match(`${refused.message} ${refused.advice}`, /agent/);
      await refusalOf('conflict', store.delete('one'));
      await log.close();
      await store.saveMessages('one', conversation(1));
      assert.deepEqual(await store.loadMessages('one'), conversation(1));
    });

    it('serve an agent, and read along while it works', async () => {
      const workspace = await workspaceWith({ 'a.txt': 'one' });
      const script = [{ calls: [{ name: 'fs_read', input: { path: 'a.txt' } }] }, { text: 'It says one.' }];
      const agent = await Agent.create(
        { templateId: 'test', agentId: 'reader' },
        { ...dependenciesFor({ script, workspace }), store },
      );
      const executed = nextEvent(agent, 'tool_executed');
      const answer = agent.complete('What does it say?');
      const { call } = await executed;
      assert.deepEqual(
        (await store.queryToolCalls({ agentId: 'reader' })).map((row) => row.call.id),
        [call.id],
      );
      assert.equal((await answer).text, 'It says one.');
      const messages = await store.loadMessages('reader');
      assert.equal(messages.length, 4);
      await agent[Symbol.asyncDispose]();
      assert.deepEqual((await store.checkConsistency('reader')).issues, []);
      await store.saveMessages('reader', [...messages, userMessage(4)]);
      assert.equal((await store.loadMessages('reader')).length, 5);
      assert.deepEqual((await store.aggregateStats('reader')).toolCallsByName, { fs_read: 1 });
      await workspace.remove();
    });

    it('see what an agent wrote between two saves', async () => {
      await store.saveMessages('one', conversation(2));
      const log = await store.open(agentIdOf('one'), 'existing');
      await log.commit({ envelopes: [], messages: [userMessage(2), assistantMessage(3)] });
      await log.close();
      await store.saveMessages('one', conversation(5));
      assert.deepEqual(await store.loadMessages('one'), conversation(5));
    });

    it('lock an agent against others, not against agents of the same store', async () => {
      await store.saveInfo('one', infoOf('one'));
      const release = await store.acquireAgentLock('one');
      const log = await store.open(agentIdOf('one'), 'existing');
      await log.close();
      await store.saveMessages('one', conversation(1));
      await refusalOf('held', store.acquireAgentLock('one', 60));
      const second = store.acquireAgentLock('one', 5_000);
      await release();
      const releaseSecond = await second;
      await release();
      await refusalOf('held', store.acquireAgentLock('one', 0));
      await releaseSecond();
      await (
        await store.acquireAgentLock('one', 0)
      )();
    });

    it('answer questions over all agents, page by page', async () => {
      for (const [index, id] of ['a', 'b', 'c'].entries()) {
        await store.saveInfo(id, { ...infoOf(id), templateId: index === 0 ? 'other' : 'test', createdAt: 100 + index });
        await store.saveMessages(id, [
          ...conversation(index),
          callMessage(10, `call-${id}`),
          resultMessage(11, `call-${id}`),
        ]);
        await store.saveToolCallRecords(id, [callRecord(`call-${id}`, index === 2 ? 'FAILED' : 'COMPLETED')]);
      }
      const sessions = await store.querySessions({ templateId: 'test', sortBy: 'createdAt', sortOrder: 'asc' });
      assert.deepEqual(
        sessions.map(({ agentId, messageCount }) => [agentId, messageCount]),
        [
          ['b', 3],
          ['c', 4],
        ],
      );
      assert.equal((await store.querySessions({ createdAfter: 101, createdBefore: 101 })).length, 1);
      assert.equal((await store.querySessions({ limit: 2 })).length, 2);
      assert.equal((await store.querySessions({ limit: 2, offset: 2 })).length, 1);
      const results = await store.queryMessages({ contentType: 'tool_result' });
      assert.deepEqual(results.map(({ agentId }) => agentId).toSorted(), ['a', 'b', 'c']);
      const second = await store.queryMessages({ agentId: 'c', role: 'user', offset: 1 });
      assert.deepEqual(second, [{ agentId: 'c', index: 3, message: resultMessage(11, 'call-c') }]);
      assert.deepEqual(await store.queryToolCalls({ state: 'FAILED' }), [
        { agentId: 'c', call: callRecord('call-c', 'FAILED') },
      ]);
      assert.deepEqual(await store.queryToolCalls({ toolName: 'bash_run' }), []);
      assert.deepEqual(await store.queryMessages({ agentId: 'nobody' }), []);
      await refusalOf('invalid_value', store.queryMessages({ limit: -1 }));
      assert.deepEqual(await store.aggregateStats(), {
        ...{ totalSessions: 3, totalMessages: 9, totalToolCalls: 3, totalSnapshots: 0, avgMessagesPerSession: 3 },
        ...{ toolCallsByName: { fs_read: 3 }, toolCallsByState: { COMPLETED: 2, FAILED: 1 } },
      });
      assert.equal((await store.aggregateStats('c')).totalMessages, 4);
    });

    it('are healthy, and leave no trace of having looked', async () => {
      const health = await store.healthCheck();
      assert.deepEqual(health.problems, []);
      assert.ok(health.healthy && health.database.connected && health.fileSystem.writable);
      assert.ok(health.database.latencyMs >= 0);
      assert.deepEqual(await store.list(), []);
    });

    it('count what was done', async () => {
      await store.saveMessages('one', conversation(3));
      await store.saveMessages('one', conversation(4));
      await store.loadMessages('one');
      await store.querySessions();
      await store.delete('nobody');
      const { operations, performance, storage } = await store.getMetrics();
      assert.equal(operations.saves, 2);
      assert.ok(operations.loads >= 1);
      assert.equal(operations.queries, 1);
      assert.equal(operations.deletes, 1);
      assert.ok(performance.minLatencyMs <= performance.avgLatencyMs);
      assert.ok(performance.avgLatencyMs <= performance.maxLatencyMs);
      assert.equal(storage.totalAgents, 1);
      assert.equal(storage.totalMessages, 4);
    });

    it('fork an agent several times, each with its own history', async () => {
      await store.saveInfo('one', infoOf('one'));
      await store.saveMessages('one', [...conversation(2), userMessage(2), callMessage(3, 'open')]);
      await store.saveToolCallRecords('one', [callRecord('open', 'EXECUTING')]);
      await store.appendEvent('one', envelopeOf(1));
      const forks = await store.batchFork('one', 2);
      assert.equal(new Set(forks).size, 2);
      for (const fork of forks) {
        assert.deepEqual(await store.loadMessages(fork), conversation(3));
        assert.deepEqual((await store.loadInfo(fork))?.lineage, ['one']);
        assert.deepEqual(await seqsOf(store.readEvents(fork)), [1, 2]);
        assert.deepEqual((await store.checkConsistency(fork)).issues, []);
      }
      await store.saveMessages(forks[0]!, []);
      assert.equal((await store.loadMessages('one')).length, 4);
      await refusalOf('not_found', store.batchFork('nobody', 1));
    });
  });

async function timelinesOf(timelines: AsyncIterable<Envelope>): Promise<readonly Envelope[]> {
  const found: Envelope[] = [];
  for await (const timeline of timelines) found.push(timeline);
  return found;
}

async function seqsOf(timelines: AsyncIterable<Envelope>): Promise<readonly number[]> {
  return (await timelinesOf(timelines)).map(({ bookmark }) => bookmark.seq);
}
