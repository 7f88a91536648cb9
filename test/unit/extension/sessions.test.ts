import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import type { ScriptedTurn } from '../../../src/core/model/scripted';
import { newAgentId } from '../../../src/core/protocol/ids';
import { changeInfo } from '../../../src/core/store/changeInfo';
import { exportSession } from '../../../src/core/store/exportSession';
import { importSession } from '../../../src/core/store/importSession';
import { MemoryStore } from '../../../src/core/store/memoryStore';
import { workspaceWith, type Workspace } from '../../support/agents';
import { refusalOf } from '../../support/refusal';
import { readable, SessionWindow, until, type SessionWindowOptions } from '../../support/sessionWindow';

const command = (cmd: string): ScriptedTurn => ({ calls: [{ name: 'bash_run', input: { cmd } }] });

describe('the sessions of a window', () => {
  let workspace: Workspace;
  let store: MemoryStore;
  const windows: SessionWindow[] = [];
  beforeEach(async () => {
    workspace = await workspaceWith();
    store = new MemoryStore();
  });
  afterEach(async () => {
    await Promise.all(windows.splice(0).map((window) => window.close()));
    await workspace.remove();
  });

  const open = (options: Partial<SessionWindowOptions> = {}): SessionWindow => {
    const window = new SessionWindow({ store, workspace, script: [{ text: 'An answer.' }], ...options });
    windows.push(window);
    return window;
  };
  /** The window goes away and another one opens on the same store. */
  const reopen = async (window: SessionWindow, options: Partial<SessionWindowOptions> = {}): Promise<SessionWindow> => {
    await window.close();
    windows.splice(windows.indexOf(window), 1);
    return open(options);
  };

  it('a session is stored with its first message, not before', async () => {
    const window = open();
    assert.deepEqual(await store.list(), []);
    assert.equal(window.sessions.isActiveStored, false);
    const id = await window.ask('Hello.');
    assert.deepEqual(await store.list(), [id]);
    assert.equal(window.sessions.isActiveStored, true);
    assert.equal(window.shown.title, 'Hello.');
  });

  it('after a restart the transcript is complete, nothing is opened for writing, and the next message goes on', async () => {
    const first = open();
    const id = await first.ask('Hello.');
    const before = first.shown;
    const second = await reopen(first);
    await second.sessions.select(id);
    assert.deepEqual(second.shown, before);
    assert.equal(await store.holder(id), undefined);
    await second.ask('And now?');
    assert.deepEqual(readable(second.shown), [
      ...['user: Hello.', 'answer: An answer.', 'end: completed'],
      ...['user: And now?', 'answer: An answer.', 'end: completed'],
    ]);
    assert.notEqual(await store.holder(id), undefined);
    assert.deepEqual(second.problems, []);
  });

  it('a command that was cut off is shown as such after a restart, and the user can go on', async () => {
    const first = open({ script: [command('sleep 30')] });
    const { activeId } = first.sessions;
    await first.sessions.send(activeId, 'Wait.');
    await until(() => readable(first.shown).includes('tool bash_run: EXECUTING'));
    const second = await reopen(first);
    await second.sessions.select(activeId);
    await until(() => readable(second.shown).includes('tool bash_run: SEALED'));
    await until(() => second.shown.state === 'READY');
    assert.ok(second.sessions.agent(activeId));
    await second.ask('Go on.');
    assert.equal(readable(second.shown).at(-2), 'answer: An answer.');
    assert.deepEqual(second.problems, []);
  });

  it('an open question can be answered after a restart', async () => {
    const script = [command('echo made > made.txt'), { text: 'Made.' }];
    const first = open({ script, mode: 'approval' });
    const { activeId } = first.sessions;
    await first.sessions.send(activeId, 'Make it.');
    await until(() => first.sessions.openQuestions().length === 1);
    const second = await reopen(first, { script: [{ text: 'Made.' }], mode: 'approval' });
    await second.sessions.select(activeId);
    await until(() => second.sessions.openQuestions().length === 1);
    assert.equal(second.sessions.summaries()[0]?.openApprovals, 1);
    assert.equal(existsSync(workspace.file('made.txt')), false);
    const [question] = second.sessions.openQuestions();
    const agent = await second.sessions.agentFor(activeId);
    await agent.decide(question!.permissionId, 'allow');
    await until(() => second.shown.state === 'READY');
    assert.equal(readFileSync(workspace.file('made.txt'), 'utf8'), 'made\n');
    assert.equal(readable(second.shown).at(-2), 'answer: Made.');
    assert.deepEqual(second.problems, []);
  });

  it('messages that waited in line are shown after a restart and are not lost', async () => {
    const first = open({ script: [command('sleep 30')] });
    const { activeId } = first.sessions;
    await first.sessions.send(activeId, 'Wait.');
    await until(() => readable(first.shown).includes('tool bash_run: EXECUTING'));
    await first.sessions.send(activeId, 'Then this.');
    const second = await reopen(first);
    await second.sessions.select(activeId);
    await until(() => second.shown.state === 'READY');
    assert.deepEqual(
      second.shown.queued.map(({ text }) => text),
      ['Then this.'],
    );
  });

  it('in a window where agents may not work a cut-off session is read, not touched', async () => {
    const first = open({ script: [command('sleep 30')] });
    const { activeId } = first.sessions;
    await first.sessions.send(activeId, 'Wait.');
    await until(() => readable(first.shown).includes('tool bash_run: EXECUTING'));
    const second = await reopen(first, { mayWork: false });
    await second.sessions.select(activeId);
    assert.equal(second.sessions.agent(activeId), undefined);
    assert.equal(second.shown.state, 'READY');
    assert.equal(await store.holder(activeId), undefined);
    const refused = await refusalOf('no_workspace', second.sessions.agentFor(activeId, { takeOver: 'ask' }));
    assert.match(refused.message, /not trusted/);
    await refusalOf('no_workspace', second.sessions.adopt(activeId));
    assert.equal(await store.holder(activeId), undefined);
  });

  it('a cut-off session is shown before its model is there, and a failure to go on is heard of', async () => {
    const first = open({ script: [command('sleep 30')] });
    const { activeId } = first.sessions;
    await first.sessions.send(activeId, 'Wait.');
    await until(() => readable(first.shown).includes('tool bash_run: EXECUTING'));
    let lock: (error: Error) => void = () => undefined;
    const locked = new Promise<never>((_, reject) => (lock = reject));
    const second = await reopen(first, { modelFactory: () => locked });
    await second.sessions.select(activeId);
    assert.ok(readable(second.shown).includes('tool bash_run: EXECUTING'));
    lock(new Error('The key ring is locked.'));
    await until(() => second.problems.length > 0);
    assert.match(second.problems[0] ?? '', /Going on with a session failed.*key ring is locked/);
  });

  it('a session of another folder is read-only and says which folder', async () => {
    const first = open();
    const id = await first.ask('Hello.');
    const second = await reopen(first, { folders: ['file:///home/me/other%20one'] });
    await second.sessions.select(id);
    assert.deepEqual(second.sessions.readOnly, { kind: 'otherFolder', folder: 'one' });
    await refusalOf('not_supported', second.sessions.send(id, 'Hi.'));
    assert.deepEqual(readable(second.shown), ['user: Hello.', 'answer: An answer.', 'end: completed']);
  });

  it('a session of another folder goes on here once it is brought here, and keeps what else is known of it', async () => {
    const first = open();
    const id = await first.ask('Hello.');
    await first.sessions.rename(id, 'Mine');
    const second = await reopen(first, { folders: ['file:///two'] });
    await second.sessions.select(id);
    assert.equal(second.sessions.readOnly?.kind, 'otherFolder');
    await second.sessions.adopt(id);
    assert.equal(second.sessions.readOnly, undefined);
    await second.ask('Go on.');
    const [meta] = await store.summaries();
    assert.deepEqual([meta?.metadata, meta?.title], [{ workspace: ['file:///two'] }, 'Mine']);
  });

  it('an imported session belongs to the folders of the window that imports it', async () => {
    const first = open();
    const id = await first.ask('Hello.');
    const other = new MemoryStore();
    const { agentId } = await importSession(other, exportSession(store, id));
    const window = open({ store: other, folders: ['file:///two'] });
    await window.sessions.bringHere(agentId);
    assert.deepEqual([window.sessions.activeId, window.sessions.readOnly], [agentId, undefined]);
    await window.ask('Go on.');
    assert.equal(readable(window.shown).at(-2), 'answer: An answer.');
  });

  it('what is stored with a session does not say what may run unasked', async () => {
    const first = open({ mode: 'auto' });
    const id = await first.ask('Hello.');
    await first.close();
    windows.splice(0);
    const log = await store.open(id, 'existing');
    const { info } = await log.load();
    assert.ok(info);
    const config = { ...info.config, overrides: { permission: { mode: 'auto' } } };
    await log.commit({ envelopes: [], info: { ...info, config } });
    await log.close();
    const second = open({ script: [command('echo made > made.txt')], mode: 'approval' });
    await second.sessions.select(id);
    await second.sessions.send(id, 'Make it.');
    await until(() => second.sessions.openQuestions().length === 1);
    assert.equal(existsSync(workspace.file('made.txt')), false);
  });

  it('a deleted session is stopped and can be brought back with all it had', async () => {
    const window = open({ script: [{ text: 'Fine.' }, command('sleep 30')] });
    const id = await window.ask('Hello.');
    await window.sessions.send(id, 'Wait.');
    await until(() => readable(window.shown).includes('tool bash_run: EXECUTING'));
    await window.sessions.discard(id);
    assert.notEqual(window.sessions.activeId, id);
    assert.deepEqual(await store.list(), []);
    await store.restore(id);
    await window.sessions.select(id);
    assert.deepEqual(readable(window.shown).slice(0, 4), [
      ...['user: Hello.', 'answer: Fine.', 'end: completed', 'user: Wait.'],
    ]);
    assert.equal(window.shown.state, 'READY');
  });

  it('a name and a pin stay, whether the session is worked in, only shown, or not begun', async () => {
    const first = open();
    await first.sessions.rename(first.sessions.activeId, 'Before');
    const id = await first.ask('Hello.');
    assert.equal(first.shown.title, 'Before');
    assert.equal((await store.summaries())[0]?.title, 'Before');
    await first.sessions.rename(id, 'During');
    await first.sessions.pin(id, true);
    const second = await reopen(first);
    await second.sessions.select(id);
    assert.equal(second.shown.title, 'During');
    await second.sessions.rename(id, 'After');
    const [meta] = await store.summaries();
    assert.deepEqual([meta?.title, meta?.pinned, second.shown.title], ['After', true, 'After']);
    assert.equal(await store.holder(id), undefined);
  });

  it('several sessions work at once; a new one does not stop the others', async () => {
    const window = open({ script: [command('sleep 30')] });
    const one = window.sessions.activeId;
    await window.sessions.send(one, 'First.');
    const two = window.sessions.create();
    await window.sessions.send(two, 'Second.');
    await until(() => window.sessions.summaries().filter(({ state }) => state === 'WORKING').length === 2);
    await window.sessions.select(one);
    assert.equal(window.shown.title, 'First.');
    assert.deepEqual(
      window.sessions.summaries().map(({ sessionId }) => sessionId),
      [two, one],
    );
  });

  it('idle sessions beyond the last eight are let go and still there', async () => {
    const window = open();
    const ids = [];
    for (let count = 0; count < 11; count++) {
      ids.push(await window.ask(`Question ${count}.`));
      window.sessions.create();
    }
    await until(() => window.sessions.agents.length <= 8);
    await window.sessions.select(ids[0]!);
    assert.equal(window.shown.title, 'Question 0.');
    assert.deepEqual(window.problems, []);
  });

  it('of two selections the later one counts', async () => {
    const first = open();
    const one = await first.ask('One.');
    first.sessions.create();
    const two = await first.ask('Two.');
    const second = await reopen(first);
    await Promise.all([second.sessions.select(one), second.sessions.select(two)]);
    assert.equal(second.shown.title, 'Two.');
    assert.equal(second.sessions.summaries().length, 1);
  });

  it('numbers that a crash may have given away are not given again by a change of the name', async () => {
    const agentId = newAgentId();
    const log = await store.open(agentId, 'create');
    const event = { channel: 'monitor', type: 'state_changed', state: 'READY' } as const;
    const info = { agentId, templateId: 'coding', createdAt: 1 };
    await log.commit({ envelopes: [{ cursor: 3, bookmark: { seq: 3, timestamp: 1 }, event }], info });
    // The writer never closed it.
    await changeInfo({ open: () => Promise.resolve(log) }, agentId, { title: 'Renamed' });
    const reader = await store.read(agentId);
    const stored = await reader.load();
    assert.deepEqual([stored.lastSeq, stored.info?.title, stored.closedCleanly], [65_536, 'Renamed', true]);
  });
});
