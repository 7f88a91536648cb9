import type { ConformanceCase } from './conformanceCase';
import { expectSame, expectThat } from './expect';
import { callMessage, callRecord, conversation, infoOf, resultMessage } from './histories';

/** What methods must do that a store may be without. */
export const besideCases: readonly ConformanceCase[] = [
  {
    name: 'keeps the todo list',
    needs: ['saveTodos', 'loadTodos'],
    run: async (store, { one, two }) => {
      const todos = [{ id: '1', title: 'Try it', status: 'pending', createdAt: 5, updatedAt: 7 }] as const;
      await store.saveInfo(one, infoOf(one));
      await store.saveTodos(one, { todos, version: 1, updatedAt: 7 });
      expectSame('loadTodos', await store.loadTodos(one), { todos, version: 1, updatedAt: 7 });
      expectSame('loadTodos of an unknown agent', (await store.loadTodos(two)) ?? undefined, undefined);
    },
  },
  {
    name: 'keeps snapshots by their ids',
    needs: ['saveSnapshot', 'loadSnapshot', 'listSnapshots'],
    run: async (store, { one, two }) => {
      const [first, second] = [1, 2].map((count) => ({
        id: `sfp-${count}`,
        messageCount: count,
        seq: count,
        createdAt: 9,
      }));
      await store.saveInfo(one, infoOf(one));
      for (const snapshot of [first, second]) if (snapshot) await store.saveSnapshot(one, snapshot);
      expectSame('loadSnapshot', await store.loadSnapshot(one, 'sfp-2'), second);
      expectSame('listSnapshots', await store.listSnapshots(one), [first, second]);
      expectSame('loadSnapshot of an unknown one', (await store.loadSnapshot(one, 'none')) ?? undefined, undefined);
      expectSame('listSnapshots of an unknown agent', await store.listSnapshots(two), []);
    },
  },
  {
    name: 'keeps history windows, the one with the same id in the place of the earlier one',
    needs: ['saveHistoryWindow', 'loadHistoryWindows'],
    run: async (store, { one, two }) => {
      await store.saveInfo(one, infoOf(one));
      for (const text of ['a', 'b', 'c'])
        await store.saveHistoryWindow(one, { id: text === 'c' ? 'w-a' : `w-${text}`, timestamp: 5, text });
      const found = await store.loadHistoryWindows(one);
      expectSame(
        'the texts',
        found.map(({ text }) => text),
        ['c', 'b'],
      );
      expectSame('those of an unknown agent', await store.loadHistoryWindows(two), []);
    },
  },
  {
    name: 'keeps compression records in the order of their times',
    needs: ['saveCompressionRecord', 'loadCompressionRecords'],
    run: async (store, { one, two }) => {
      await store.saveInfo(one, infoOf(one));
      const [first, second] = [1, 2].map((count) => ({ id: `c-${count}`, summary: `${count}`, timestamp: count }));
      for (const record of [first, second]) await store.saveCompressionRecord(one, record ?? {});
      expectSame('loadCompressionRecords', await store.loadCompressionRecords(one), [first, second]);
      expectSame('those of an unknown agent', await store.loadCompressionRecords(two), []);
    },
  },
];

/** What the tiers `QueryableStore` and `ExtendedStore` add. */
export const tierCases: readonly ConformanceCase[] = [
  {
    name: 'answers questions about an agent, page by page',
    needs: ['querySessions', 'queryMessages', 'queryToolCalls', 'aggregateStats'],
    run: async (store, { one }) => {
      await store.saveInfo(one, infoOf(one));
      await store.saveMessages(one, [...conversation(2), callMessage(2, 'call'), resultMessage(3, 'call')]);
      await store.saveToolCallRecords(one, [callRecord('call', 'FAILED')]);
      const [session] = await store.querySessions({ agentId: one });
      expectSame('querySessions', [session?.agentId, session?.templateId, session?.messageCount], [one, 'test', 4]);
      const results = await store.queryMessages({ agentId: one, contentType: 'tool_result' });
      expectSame('queryMessages', results, [{ agentId: one, index: 3, message: resultMessage(3, 'call') }]);
      const page = await store.queryMessages({ agentId: one, limit: 2, offset: 1 });
      expectSame(
        'a page of messages',
        page.map(({ index }) => index),
        [1, 2],
      );
      const calls = await store.queryToolCalls({ agentId: one, state: 'FAILED', toolName: 'fs_read' });
      expectSame('queryToolCalls', calls, [{ agentId: one, call: callRecord('call', 'FAILED') }]);
      expectSame('queryToolCalls of another tool', await store.queryToolCalls({ agentId: one, toolName: 'x' }), []);
      const { totalMessages, totalToolCalls, toolCallsByState } = await store.aggregateStats(one);
      expectSame('aggregateStats', [totalMessages, totalToolCalls, toolCallsByState], [4, 1, { FAILED: 1 }]);
    },
  },
  {
    name: 'says that it is healthy, and leaves no trace of having looked',
    needs: ['healthCheck'],
    run: async (store) => {
      const before = await store.list();
      const { healthy, database, fileSystem, checkedAt } = await store.healthCheck();
      expectThat('healthCheck says that it is not', healthy && database.connected && fileSystem.writable);
      expectThat('it has no latency or time', database.latencyMs >= 0 && checkedAt > 0);
      expectSame('list', await store.list(), before);
    },
  },
  {
    name: 'finds a result without its call, and nothing in a whole history',
    needs: ['checkConsistency'],
    run: async (store, { one }) => {
      await store.saveInfo(one, infoOf(one));
      await store.saveMessages(one, conversation(3));
      expectSame('of a whole one', (await store.checkConsistency(one)).issues, []);
      await store.saveMessages(one, [...conversation(3), resultMessage(3, 'nobody')]);
      const { consistent, issues } = await store.checkConsistency(one);
      expectThat('an orphaned result is not reported', !consistent && issues.length > 0);
    },
  },
  {
    name: 'counts what was done',
    needs: ['getMetrics'],
    run: async (store, { one }) => {
      const before = await store.getMetrics();
      await store.saveInfo(one, infoOf(one));
      await store.saveMessages(one, conversation(3));
      await store.loadMessages(one);
      const { operations, performance, storage } = await store.getMetrics();
      expectThat('saves are not counted', operations.saves >= before.operations.saves + 2);
      expectThat('loads are not counted', operations.loads > before.operations.loads);
      expectThat('latencies do not fit', performance.minLatencyMs <= performance.maxLatencyMs);
      expectThat('agents are not counted', storage.totalAgents > before.storage.totalAgents);
    },
  },
  {
    name: 'locks an agent until the lock is given back, and a late release frees nothing',
    needs: ['acquireAgentLock'],
    run: async (store, { one }) => {
      const release = await store.acquireAgentLock(one);
      expectThat('it was locked twice', await isRefused(store.acquireAgentLock(one, 60)));
      const waiting = store.acquireAgentLock(one, 5_000);
      await release();
      const releaseSecond = await waiting;
      await release();
      expectThat('a late release freed the lock of the next one', await isRefused(store.acquireAgentLock(one, 0)));
      await releaseSecond();
      await (
        await store.acquireAgentLock(one, 0)
      )();
    },
  },
  {
    name: 'forks an agent several times, each with its own history',
    needs: ['batchFork'],
    run: async (store, { one }) => {
      await store.saveInfo(one, infoOf(one));
      await store.saveMessages(one, conversation(3));
      const forks = await store.batchFork(one, 2);
      try {
        expectSame('how many', new Set([...forks, one]).size, 3);
        for (const fork of forks) {
          expectSame('its messages', await store.loadMessages(fork), conversation(3));
          await store.saveMessages(fork, []);
        }
        expectSame('the messages of the first', await store.loadMessages(one), conversation(3));
      } finally {
        for (const fork of forks) await store.delete(fork);
      }
    },
  },
  {
    name: 'goes on after it was closed',
    needs: ['close'],
    run: async (store, { one }) => {
      await store.saveInfo(one, infoOf(one));
      await store.saveMessages(one, conversation(2));
      await store.close();
      expectSame('loadMessages', await store.loadMessages(one), conversation(2));
    },
  },
];

function isRefused(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => false,
    () => true,
  );
}
