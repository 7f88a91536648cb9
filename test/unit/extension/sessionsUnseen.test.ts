import { strict as assert } from 'node:assert';
import { MemoryStore } from '../../../src/core/store/memoryStore';
import { SessionGoneError } from '../../../src/extension/sessions/sessionGone';
import { workspaceWith, type Workspace } from '../../support/agents';
import { readable, SessionWindow, until } from '../../support/sessionWindow';

describe('what the user says of an edit', () => {
  let workspace: Workspace;
  const store = new MemoryStore();
  const windows: SessionWindow[] = [];
  before(async () => {
    workspace = await workspaceWith();
  });
  after(async () => {
    await Promise.all(windows.map((window) => window.close()));
    await workspace.remove();
  });
  const open = (cmd?: string): SessionWindow => {
    const calls = [{ name: 'bash_run', input: { cmd: cmd ?? '' } }];
    const script = cmd === undefined ? [{ text: 'An answer.' }] : [{ calls }, { text: 'An answer.' }];
    const window = new SessionWindow({ store, workspace, script });
    windows.push(window);
    return window;
  };

  it('reaches its session after a restart, though another one is shown, and both go on', async () => {
    const first = open();
    const id = await first.ask('Change it.');
    await first.close();
    const second = open();
    await second.ask('Something else.');
    await second.sessions.send(id, 'About your change in "a.txt", line 3.');
    await second.sessions.agent(id)?.complete();
    assert.deepEqual(readable(second.shown).slice(0, 1), ['user: Something else.']);
    await second.sessions.select(id);
    await until(() => readable(second.shown).includes('user: About your change in "a.txt", line 3.'));
    assert.deepEqual(second.problems, []);
  });

  it('waits in line where the session is at work and not shown', async () => {
    const window = open('sleep 30');
    const id = window.sessions.activeId;
    await window.sessions.send(id, 'Change it.');
    window.sessions.create();
    await window.sessions.send(id, 'About your change.');
    await until(() => window.sessions.view(id)?.queued.some(({ text }) => text === 'About your change.') === true);
    await window.sessions.interrupt(id);
  });

  it('is refused with what to do when the session was deleted', async () => {
    const first = open();
    const id = await first.ask('Change it.');
    await first.sessions.discard(id);
    await assert.rejects(first.sessions.send(id, 'About your change.'), SessionGoneError);
    await assert.rejects(open().sessions.agentFor(id), SessionGoneError);
    assert.deepEqual(first.problems, []);
  });

  it('of two things said at once to a session that was not shown both arrive', async () => {
    const first = open();
    const id = await first.ask('Change it.');
    await first.close();
    const second = open();
    await Promise.all([second.sessions.send(id, 'One.'), second.sessions.send(id, 'Two.')]);
    await second.sessions.agent(id)?.complete();
    await second.sessions.select(id);
    const said = (): readonly string[] => readable(second.shown).filter((line) => /One|Two/.test(line));
    await until(() => said().length === 2);
  });
});
