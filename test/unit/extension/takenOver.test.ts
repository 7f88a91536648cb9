import { strict as assert } from 'node:assert';
import { readdir, readFile, rm, utimes } from 'node:fs/promises';
import * as path from 'node:path';
import type { ScriptedTurn } from '../../../src/core/model/scripted';
import type { AgentId } from '../../../src/core/protocol/ids';
import { FileSessionStore } from '../../../src/node/store/fileSessionStore';
import { jsonFormat } from '../../../src/node/store/jsonLog';
import { parseLease } from '../../../src/node/store/leaseOwner';
import { readMachine, type Machine } from '../../../src/node/store/machine';
import { workspaceWith, type Workspace } from '../../support/agents';
import { FailingStore } from '../../support/failingStore';
import { readable, SessionWindow, until } from '../../support/sessionWindow';

describe('a window that can no longer store its session', () => {
  let workspace: Workspace;
  const windows: SessionWindow[] = [];
  beforeEach(async () => {
    workspace = await workspaceWith();
  });
  afterEach(async () => {
    await Promise.all(windows.splice(0).map((window) => window.close()));
    await workspace.remove();
  });

  const storeOf = (machine?: () => Promise<Machine>): FileSessionStore =>
    new FileSessionStore({
      ...{ dir: path.join(workspace.folder, 'store'), format: jsonFormat() },
      ...(machine && { machine }),
    });
  const open = (store: FileSessionStore | FailingStore, script: readonly ScriptedTurn[]): SessionWindow => {
    const window = new SessionWindow({ store, workspace, script });
    windows.push(window);
    return window;
  };

  /** A window on a machine from which this one cannot be seen, a while after its last sign of life. */
  async function continuedElsewhere(id: AgentId): Promise<SessionWindow> {
    const own = await readMachine();
    const self = { ...own.self, machineId: 'another', bootId: 'another', pidNamespace: 'another' };
    const store = storeOf(async () => ({ ...own, self }));
    const folder = store.layout.sessionFolder(id);
    const name = (await readdir(folder)).findLast((file) => file.startsWith('lock')) ?? '';
    const lease = parseLease(await readFile(path.join(folder, name), 'utf8'));
    assert.ok(lease?.kind === 'owned');
    const { holder } = lease.owner;
    if (holder.channel) await rm(holder.channel, { force: true });
    const before = new Date(Date.now() - 120_000);
    await utimes(path.join(store.layout.holders, holder.id), before, before);
    const window = open(store, [{ text: 'From elsewhere.' }]);
    await window.sessions.select(id);
    assert.equal(window.sessions.readOnly?.kind, 'held');
    await window.sessions.agentFor(id, { takeOver: 'unjudged', waitMs: 1_500 });
    return window;
  }

  it('reads along after somebody continued it elsewhere, and says so', async () => {
    const first = open(storeOf(), [{ text: 'One.' }, { text: 'Two.' }]);
    const id = await first.ask('Hello.');
    const other = await continuedElsewhere(id);
    await other.ask('Go on.');
    await assert.rejects(first.sessions.send(id, 'And here?'), { code: 'conflict' });
    await until(() => first.sessions.readOnly?.kind === 'held', 3_000);
    await until(() => readable(first.shown).includes('answer: From elsewhere.'), 3_000);
  });

  it('does not turn for ever when it is taken over in the middle of a command', async () => {
    const first = open(storeOf(), [{ calls: [{ name: 'bash_run', input: { cmd: 'sleep 0.5' } }] }, { text: 'Two.' }]);
    const { activeId } = first.sessions;
    await first.sessions.send(activeId, 'Go.');
    await until(() => readable(first.shown).includes('tool bash_run: EXECUTING'));
    await continuedElsewhere(activeId);
    await until(() => first.sessions.readOnly?.kind === 'held', 3_000);
    await until(() => first.shown.state === 'READY', 3_000);
    assert.ok(first.problems.length > 0);
  });

  it('says that the disk is full, and goes on when there is room again', async () => {
    const store = new FailingStore();
    const window = open(store, [{ calls: [{ name: 'bash_run', input: { cmd: 'echo done' } }] }, { text: 'Two.' }]);
    const { activeId } = window.sessions;
    let isFull = false;
    store.fails = (batch) => (isFull ||= (batch.toolCalls ?? []).some((call) => call.state === 'COMPLETED'));
    await window.sessions.send(activeId, 'Go.');
    // It tries to go on at once, which fails too.
    await until(() => window.problems.length === 2);
    assert.match(window.problems.join(), /The disk is full/);
    store.fails = () => false;
    await window.ask('Go on.');
    assert.match(readable(window.shown).join(), /tool bash_run: SEALED.*user: Go on\..*answer: Two\./);
  });
});
