import { strict as assert } from 'node:assert';
import type { AgentId } from '../../src/core/protocol/ids';
import type { Message } from '../../src/core/protocol/messages';
import { SessionHeldError } from '../../src/core/store/sessionHeld';
import type { SessionLog, SessionReader, SessionStore } from '../../src/core/store/store';
import { batchOf, textMessage } from './batches';
import { refusalOf } from './refusal';

/** What every store must do with its sessions as a whole. Call inside of `describe`; `make` gives an empty store for each test. */
export function sessionStoreContract(make: () => SessionStore, { hasTrash = true } = {}): void {
  let store: SessionStore;
  const opened: SessionReader[] = [];
  beforeEach(() => {
    store = make();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((log) => log.close()));
  });
  const open = async (name: string, mode: 'create' | 'existing'): Promise<SessionLog> => {
    const log = await store.open(idOf(name), mode);
    opened.push(log);
    return log;
  };
  const messagesOf = async (id: AgentId): Promise<readonly Message[]> => {
    const reader = await store.read(id);
    opened.push(reader);
    return reader.readMessages();
  };
  const closedSession = async (name: string, text = 'Hello'): Promise<AgentId> => {
    const log = await open(name, 'create');
    await log.commit(batchOf(1, { messages: [textMessage(text)] }));
    await log.barrier();
    await log.close();
    return idOf(name);
  };

  it('knows a session from its creation on', async () => {
    assert.equal(await store.exists(idOf('agt-a')), false);
    assert.deepEqual(await store.list(), []);
    const log = await open('agt-a', 'create');
    assert.equal(await store.exists(idOf('agt-a')), true);
    await log.commit(batchOf(1));
    await log.barrier();
    assert.deepEqual(await store.list(), ['agt-a']);
  });

  it('refuses to create what is there, and to open or read what is not', async () => {
    await refusalOf('not_found', open('agt-a', 'existing'));
    await refusalOf('not_found', store.read(idOf('agt-a')));
    assert.equal(await store.exists(idOf('agt-a')), false, 'asking makes nothing');
    await closedSession('agt-a');
    await refusalOf('exists', open('agt-a', 'create'));
    await open('agt-a', 'existing');
    await refusalOf('conflict', open('agt-a', 'existing'));
  });

  it('refuses ids that no file system would take', async () => {
    for (const name of ['', '..', 'a/b', 'a\\b', 'a\u0000b', 'x'.repeat(201)]) {
      await refusalOf('invalid_id', open(name, 'create'));
      await refusalOf('invalid_id', store.hold(idOf(name)));
    }
  });

  it('tells ids apart that a file system might not', async () => {
    const names = ['agt', 'AGT', 'agt ', 'agt.', 'a\u0308', '\u00e4', 'con', 'x'.repeat(200)];
    for (const name of names) await closedSession(name, `I am ${name}`);
    assert.deepEqual(await store.list(), names.toSorted());
    for (const name of names) {
      const [message] = await (await open(name, 'existing')).readMessages();
      assert.equal(message?.id, `I am ${name}`);
    }
  });

  it('lists ids in order, by their beginning, and the last changed session first', async () => {
    for (const name of ['b-1', 'a-2', 'a-1']) await closedSession(name);
    assert.deepEqual(await store.list(), ['a-1', 'a-2', 'b-1']);
    assert.deepEqual(await store.list('a-'), ['a-1', 'a-2']);
    const log = await open('a-2', 'existing');
    const later = { ...textMessage('Later'), createdAt: 9_000_000 };
    await log.commit(batchOf(2, { messages: [later] }));
    await log.barrier();
    const [first, ...rest] = await store.summaries();
    assert.deepEqual([first?.agentId, first?.messageCount, first?.title], ['a-2', 2, 'Hello']);
    assert.equal(rest.length, 2);
  });

  const withTrash = hasTrash ? it : it.skip;
  withTrash('takes a session out of the list and brings it back, or erases it', async () => {
    const id = await closedSession('agt-a');
    await refusalOf('not_found', store.restore(id));
    await store.discard(id);
    assert.deepEqual([await store.exists(id), await store.list(), await store.summaries()], [false, [], []]);
    await refusalOf('not_found', open('agt-a', 'existing'));
    await store.restore(id);
    assert.equal((await messagesOf(id)).length, 1);
    await store.discard(id);
    await store.delete(id);
    await refusalOf('not_found', store.restore(id));
    await store.discard(id);
    await store.delete(id);
  });

  withTrash('does not bring back a session whose id was used again', async () => {
    const id = await closedSession('agt-a', 'first');
    await store.discard(id);
    await closedSession('agt-a', 'second');
    await refusalOf('exists', store.restore(id));
    const [message] = await messagesOf(id);
    assert.equal(message?.id, 'second');
  });

  it('takes nothing away from under an open session', async () => {
    const log = await open('agt-a', 'create');
    await log.commit(batchOf(1));
    await refusalOf('conflict', store.discard(idOf('agt-a')));
    await refusalOf('conflict', store.delete(idOf('agt-a')));
    await log.close();
    await store.delete(idOf('agt-a'));
    assert.equal(await store.exists(idOf('agt-a')), false);
  });

  it('gives a lease to one at a time, and opens under its own', async () => {
    const id = await closedSession('agt-a');
    assert.equal(await store.holder(id), undefined);
    const letGo = await store.hold(id);
    assert.equal((await store.holder(id))?.state, 'alive');
    const refusal = await refusalOf('held', store.hold(id));
    assert.ok(refusal instanceof SessionHeldError);
    await (await open('agt-a', 'existing')).close();
    assert.equal((await store.holder(id))?.state, 'alive', 'closing the session leaves the lease');
    await letGo();
    assert.equal(await store.holder(id), undefined);
  });

  it('frees nothing of a later owner when a lease is given back twice', async () => {
    const letGo = await store.hold(idOf('agt-a'));
    await letGo();
    const next = await store.hold(idOf('agt-a'));
    await letGo();
    await refusalOf('held', store.hold(idOf('agt-a')));
    await next();
  });

  it('says who holds an open session', async () => {
    const log = await open('agt-a', 'create');
    await log.commit(batchOf(1));
    assert.equal((await store.holder(idOf('agt-a')))?.state, 'alive');
    await log.close();
    assert.equal(await store.holder(idOf('agt-a')), undefined);
  });

  it('keeps small documents by name', async () => {
    assert.equal(await store.readDocument('rules'), undefined);
    await store.writeDocument('rules', { allow: ['a'], nested: { n: null } });
    await store.writeDocument('other', [1]);
    await store.writeDocument('rules', { allow: [] });
    assert.deepEqual(await store.readDocument('rules'), { allow: [] });
    assert.deepEqual(await store.readDocument('other'), [1]);
  });

  it('takes a handler for requests to hand over, and lets it go', () => {
    const forget = store.onHandOverRequest(() => Promise.resolve(false));
    forget();
    forget();
  });
}

/** Also for names that no agent may have. */
const idOf = (name: string): AgentId => name as AgentId;
