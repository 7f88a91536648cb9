import { strict as assert } from 'node:assert';
import type { Message } from '../../../src/core/protocol/messages';
import { MemoryStore } from '../../../src/core/store/memoryStore';
import { NamedStore } from '../../../src/core/store/namedStore';
import { OpenSessions } from '../../../src/core/store/openSessions';
import type { SessionStore } from '../../../src/core/store/store';
import { countedSessions, forwarding, type Reached } from '../../support/countedSessions';
import { agentIdOf, assistantMessage, callRecord, conversation, userMessage } from '../../support/histories';

describe('saving a whole conversation again and again', () => {
  let store: NamedStore;
  let reached: Reached;
  beforeEach(() => {
    const counted = countedSessions(new MemoryStore());
    store = new NamedStore(counted.sessions);
    reached = counted.reached;
  });
  afterEach(() => store.close());

  it('writes each message once, and reads none back', async () => {
    const all: Message[] = [];
    for (const message of conversation(300)) {
      all.push(message);
      await store.saveMessages('one', all);
    }
    assert.equal(reached.messagesWritten, 300);
    assert.equal(reached.commits, 300);
    assert.equal(reached.messagesRead, 0);
    assert.equal(reached.opened, 1);
  });

  it('looks at no older message again, however long the conversation is', async () => {
    for (const length of [100, 10_000]) {
      let looks = 0;
      const all = conversation(length).map((message) =>
        Object.defineProperty(message, 'toJSON', {
          enumerable: false,
          value: () => {
            looks++;
            return { ...message };
          },
        }),
      );
      await store.saveMessages(`with-${length}`, all);
      looks = 0;
      await store.saveMessages(`with-${length}`, [...all, userMessage(length)]);
      assert.equal(looks, 2, `${length} messages`);
    }
  });

  it('writes nothing when nothing has changed, also for copies', async () => {
    await store.saveMessages('one', conversation(10));
    await store.saveMessages('one', conversation(10));
    await store.saveMessages('one', structuredClone(conversation(10)));
    assert.equal(reached.commits, 1);
  });

  it('writes from a changed message on, and keeps what stands before it', async () => {
    const all = conversation(10);
    await store.saveMessages('one', all);
    await store.saveMessages('one', all.with(7, assistantMessage(7, 'Another')));
    assert.equal(reached.messagesWritten, 10 + 3);
  });

  it('sees a change in place in the last two messages', async () => {
    const text = { type: 'text' as const, text: 'Half' };
    const growing = { ...assistantMessage(3), content: [text] };
    const all = [...conversation(3), growing];
    await store.saveMessages('one', all);
    text.text = 'Half and whole';
    await store.saveMessages('one', all);
    assert.deepEqual((await store.loadMessages('one')).at(-1)?.content, [{ type: 'text', text: 'Half and whole' }]);
  });

  it('knows what is stored also after the session was closed, and reads it when somebody else has written', async () => {
    await store.saveMessages('one', conversation(50));
    await store.close();
    await store.saveMessages('one', conversation(51));
    assert.equal(reached.messagesWritten, 51);
    assert.equal(reached.messagesRead, 0);
    const log = await store.open(agentIdOf('one'), 'existing');
    await log.commit({ envelopes: [], keepMessages: 1, messages: [assistantMessage(1, 'Another')] });
    await log.close();
    await store.saveMessages('one', conversation(52));
    assert.equal(reached.messagesRead, 2);
    assert.deepEqual(await store.loadMessages('one'), conversation(52));
  });

  it('writes only those calls that have changed', async () => {
    const calls = Array.from({ length: 20 }, (_, index) => callRecord(`call-${index}`));
    await store.saveToolCallRecords('one', calls);
    await store.saveToolCallRecords('one', calls);
    await store.saveToolCallRecords('one', calls.with(4, { ...calls[4]!, state: 'FAILED' }));
    assert.equal(reached.callsWritten, 21);
  });

  it('is not fooled by a save that failed', async () => {
    const memory = new MemoryStore();
    let isFull = false;
    const open: SessionStore['open'] = async (...args) => {
      const log = await memory.open(...args);
      return forwarding(log, {
        commit: (batch) => (isFull ? Promise.reject(new Error('disk full')) : log.commit(batch)),
      });
    };
    const failing = new NamedStore(forwarding<SessionStore>(memory, { open }));
    await failing.saveMessages('one', conversation(2));
    isFull = true;
    await assert.rejects(failing.saveMessages('one', conversation(4)), /disk full/);
    isFull = false;
    await failing.saveMessages('one', conversation(4));
    assert.deepEqual(await failing.loadMessages('one'), conversation(4));
    await failing.close();
  });
});

describe('the sessions that the documented names have open', () => {
  it('are few, however many agents are saved', async () => {
    const { sessions, reached } = countedSessions(new MemoryStore());
    const store = new NamedStore(sessions);
    for (let index = 0; index < 40; index++) await store.saveMessages(`agent-${index}`, conversation(1));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(reached.opened, 40);
    assert.ok(reached.opened - reached.closed <= 8, `${reached.opened - reached.closed} are open`);
    await store.close();
    assert.equal(reached.closed, 40);
  });

  it('are let go when nobody uses them, and keep no process alive for it', async () => {
    const memory = new MemoryStore();
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    await new Promise((resolve) => setImmediate(resolve)); // Mocha sets its own timer after the first wait.
    const before = timers();
    const opened = new OpenSessions({
      hold: (agentId) => memory.hold(agentId),
      read: (agentId) => memory.read(agentId),
      openToWrite: (agentId) => memory.open(agentId, 'create'),
      idleMs: 20,
    });
    await opened.use(agentIdOf('one'), async ({ log }) => log.barrier());
    assert.ok(opened.has(agentIdOf('one')));
    assert.ok(timers() <= before, 'no timer that a process would wait for');
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(opened.has(agentIdOf('one')), false);
    assert.equal(await memory.holder(agentIdOf('one')), undefined);
  });

  it('are let go when another window asks for one', async () => {
    const memory = new MemoryStore();
    const handlers: Parameters<MemoryStore['onHandOverRequest']>[0][] = [];
    memory.onHandOverRequest = (handler) => {
      handlers.push(handler);
      return () => undefined;
    };
    const store = new NamedStore(memory);
    await store.saveMessages('one', conversation(1));
    assert.equal(await handlers[0]?.(agentIdOf('two')), false);
    assert.equal(await handlers[0]?.(agentIdOf('one')), true);
    assert.equal(await memory.holder(agentIdOf('one')), undefined);
    await store.close();
  });

  it('take one save after the other, in the order of the calls', async () => {
    const store = new MemoryStore();
    await Promise.all([1, 2, 3, 4, 5].map((count) => store.saveMessages('one', conversation(count))));
    assert.deepEqual(await store.loadMessages('one'), conversation(5));
    await store.close();
  });
});
