import { strict as assert } from 'node:assert';
import * as path from 'node:path';
import type { ScriptedTurn } from '../../../src/core/model/scripted';
import type { SessionStore } from '../../../src/core/store/store';
import { fileStorage } from '../../../src/extension/sessions/fileStorage';
import { workspaceWith, type Workspace } from '../../support/agents';
import { refusalOf } from '../../support/refusal';
import { readable, SessionWindow, until } from '../../support/sessionWindow';

const command = (cmd: string): ScriptedTurn => ({ calls: [{ name: 'bash_run', input: { cmd } }] });

describe('two windows on the same sessions', () => {
  let workspace: Workspace;
  const windows: SessionWindow[] = [];
  beforeEach(async () => {
    workspace = await workspaceWith();
  });
  afterEach(async () => {
    await Promise.all(windows.splice(0).map((window) => window.close()));
    await workspace.remove();
  });

  /** Each window has a store of its own on the same folder. */
  const storeOf = async (): Promise<SessionStore> => (await fileStorage(path.join(workspace.folder, 'store'))).store;
  const open = async (script: readonly ScriptedTurn[] = [{ text: 'An answer.' }]): Promise<SessionWindow> => {
    const window = new SessionWindow({ store: await storeOf(), workspace, script });
    windows.push(window);
    return window;
  };

  it('the second reads along, less than half a second behind, and says who works in it', async () => {
    const first = await open([{ text: 'One.' }, { text: 'Two.' }]);
    const id = await first.ask('Hello.');
    const second = await open();
    await second.sessions.select(id);
    const { readOnly } = second.sessions;
    assert.ok(readOnly?.kind === 'held');
    assert.match(readOnly.who, new RegExp(`process ${process.pid} on`));
    await refusalOf('held', second.sessions.send(id, 'Me too.'));
    await first.ask('And?');
    await until(() => readable(second.shown).includes('answer: Two.'), 500);
    assert.deepEqual(second.shown, first.shown);
    assert.deepEqual([second.sessions.openQuestions(), second.problems], [[], []]);
  });

  it('an idle holder hands over within a second; it reads along from then on', async () => {
    const first = await open();
    const id = await first.ask('Hello.');
    const second = await open([{ text: 'From the second.' }]);
    await second.sessions.select(id);
    const start = performance.now();
    await second.sessions.agentFor(id, { takeOver: 'ask', waitMs: 1_500 });
    assert.ok(performance.now() - start < 1_000);
    assert.equal(second.sessions.readOnly, undefined);
    await until(() => first.sessions.readOnly?.kind === 'held', 2_000);
    await second.ask('Go on.');
    await until(() => readable(first.shown).includes('answer: From the second.'), 1_000);
    assert.deepEqual(first.problems, []);
  });

  it('a holder that works keeps the session; it is free when that window closes', async () => {
    const first = await open([command('sleep 30')]);
    const { activeId } = first.sessions;
    await first.sessions.send(activeId, 'Wait.');
    await until(() => readable(first.shown).includes('tool bash_run: EXECUTING'));
    const second = await open();
    await second.sessions.select(activeId);
    assert.equal(second.shown.state, 'WORKING');
    await refusalOf('held', second.sessions.agentFor(activeId, { takeOver: 'ask', waitMs: 300 }));
    await first.close();
    windows.shift();
    // Shown a moment ago, so it goes on here by itself as after a reload: the cut-off call is sealed.
    await until(() => readable(second.shown).includes('tool bash_run: SEALED'));
    assert.equal(second.sessions.readOnly, undefined);
    await second.ask('Go on.');
    assert.deepEqual(second.problems, []);
  });

  it('a hidden panel rests, and catches up when it is shown', async () => {
    const first = await open([{ text: 'One.' }, { text: 'Two.' }]);
    const id = await first.ask('Hello.');
    const second = await open();
    await second.sessions.select(id);
    second.sessions.setVisible(false);
    await first.ask('And?');
    await new Promise((resolve) => setTimeout(resolve, 600));
    assert.ok(!readable(second.shown).includes('answer: Two.'));
    second.sessions.setVisible(true);
    await until(() => readable(second.shown).includes('answer: Two.'), 500);
  });

  it('a session that another window deletes is said to be gone, and nothing hangs', async () => {
    const first = await open();
    const id = await first.ask('Hello.');
    const second = await open();
    await second.sessions.select(id);
    await first.sessions.discard(id);
    await refusalOf('not_found', second.sessions.send(id, 'Still there?'));
    await until(() => second.sessions.readOnly?.kind === 'gone', 2_000);
    assert.deepEqual(readable(second.shown), ['user: Hello.', 'answer: An answer.', 'end: completed']);
    assert.deepEqual(second.problems, []);
    await (await storeOf()).restore(id);
    await second.sessions.select(id);
    assert.equal(second.sessions.readOnly, undefined);
    assert.deepEqual(second.replaced, [id]);
    await second.ask('And now?');
  });

  it('a name that another window gave stays when this one takes over, and is seen before', async () => {
    const first = await open();
    const id = await first.ask('Hello.');
    await first.sessions.rename(id, 'Before');
    const second = await open();
    await second.sessions.select(id);
    await first.sessions.rename(id, 'After');
    await until(() => second.shown.title === 'After', 2_000);
    await first.sessions.rename(id, 'Later still');
    const agent = await second.sessions.agentFor(id, { takeOver: 'ask', waitMs: 1_500 });
    assert.deepEqual([agent.info().title, second.shown.title], ['Later still', 'Later still']);
  });

  it('a session that another window merely keeps can be renamed, pinned and deleted', async () => {
    const first = await open();
    const id = await first.ask('Hello.');
    const second = await open();
    await second.sessions.rename(id, 'Renamed');
    await first.ask('Again.');
    await second.sessions.pin(id, true);
    const [meta] = await (await storeOf()).summaries();
    assert.deepEqual([meta?.title, meta?.pinned], ['Renamed', true]);
    await first.ask('Once more.');
    await second.sessions.discard(id);
    assert.deepEqual(await (await storeOf()).list(), []);
    await until(() => first.sessions.readOnly?.kind === 'gone', 2_000);
  });

  it('stopping a session that is only read along gives nothing back of what waits in line there', async () => {
    const first = await open([command('sleep 30')]);
    const { activeId } = first.sessions;
    await first.sessions.send(activeId, 'Wait.');
    await until(() => readable(first.shown).includes('tool bash_run: EXECUTING'));
    await first.sessions.send(activeId, 'Then this.');
    const second = await open();
    await second.sessions.select(activeId);
    assert.equal(second.shown.queued.length, 1);
    assert.deepEqual(await second.sessions.interrupt(activeId), []);
    assert.deepEqual(await first.sessions.interrupt(activeId), ['Then this.']);
  });

  it('a session that another window works in is neither renamed nor deleted, and stays shown', async () => {
    const first = await open([command('sleep 30')]);
    const { activeId } = first.sessions;
    await first.sessions.send(activeId, 'Wait.');
    await until(() => first.shown.state === 'WORKING');
    const second = await open();
    await second.sessions.select(activeId);
    const { message } = await refusalOf('held', second.sessions.rename(activeId, 'Mine'));
    assert.equal(message, '"Wait." is in use in another window.');
    await refusalOf('held', second.sessions.discard(activeId));
    await refusalOf('held', second.sessions.adopt(activeId));
    assert.equal(second.sessions.activeId, activeId);
    assert.equal(second.shown.title, 'Wait.');
  });
});
