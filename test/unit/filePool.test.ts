import { strict as assert } from 'node:assert';
import { rm, stat, utimes, writeFile } from 'node:fs/promises';
import { Agent } from '../../src/core/agent/agent';
import { AgentPool } from '../../src/core/agent/agentPool';
import type { AgentConfig } from '../../src/core/agent/config';
import type { FileFreshness, FilePool } from '../../src/core/filePool/filePool';
import type { ScriptedAnswer } from '../../src/core/model/scripted';
import { defineTool } from '../../src/core/tools/defineTool';
import { builtinTools } from '../../src/core/tools/tools';
import { dependenciesFor, historyOf, workspaceWith, type Workspace } from '../support/agents';
import { FakeClock, settled } from '../support/fakeClock';
import { listeningModel, type ListeningModel } from '../support/requests';

type Call = NonNullable<ScriptedAnswer['calls']>[number];
const call = (name: string, input: Call['input']): ScriptedAnswer => ({ calls: [{ name, input }] });
const read = (path: string): ScriptedAnswer => call('fs_read', { path });
const done: ScriptedAnswer = { text: 'Done.' };

describe('what an agent knows of files', () => {
  let workspace: Workspace;
  let agent: Agent;
  let model: ListeningModel;
  let files: FilePool | undefined;
  let between: () => Promise<void>;
  beforeEach(async () => {
    workspace = await workspaceWith({ 'a.txt': 'one\ntwo\n', 'b.txt': 'bee\n', '.env': 'KEY=abc\n' });
    between = async () => undefined;
  });
  afterEach(async () => {
    await agent[Symbol.asyncDispose]();
    await workspace.remove();
  });

  /** The world goes on while the agent works: a tool that does not tell what it does. */
  const world = defineTool({
    name: 'world',
    description: 'Lets something happen.',
    params: {},
    attributes: { noEffect: true },
    async exec(_args, { services }) {
      ({ files } = services);
      await between();
      return { ok: true };
    },
  });

  async function work(script: readonly ScriptedAnswer[], config: Partial<AgentConfig> = {}): Promise<void> {
    model = listeningModel(script);
    const deps = dependenciesFor({ script: [], workspace, tools: [...builtinTools, world] });
    agent = await Agent.create({ templateId: 'test', model, ...config }, deps);
    await agent.complete('Go.');
  }

  /** What the model was told of files before each of its steps. */
  function told(): readonly (readonly string[])[] {
    return model.userTexts.map((texts) =>
      texts
        .filter((text) => text.startsWith('<system-reminder category="file">'))
        .flatMap((text) => text.match(/^- .*$/gm) ?? []),
    );
  }

  const outside = async (): Promise<readonly string[]> =>
    (await historyOf(agent)).flatMap((event) => (event.type === 'file_changed_outside' ? [event.path] : []));

  it('is told where others change them, once, before its next step', async () => {
    between = () => writeFile(workspace.file('a.txt'), 'one\nTWO\n');
    await work([read('a.txt'), call('world', {}), read('b.txt'), read('b.txt'), done]);
    assert.deepEqual(told(), [[], [], ['- a.txt'], ['- a.txt'], ['- a.txt']]);
    assert.deepEqual(await outside(), ['a.txt']);
    const [event] = (await historyOf(agent)).filter(({ type }) => type === 'file_changed_outside');
    assert.deepEqual(event, {
      ...{ channel: 'monitor', type: 'file_changed_outside', path: 'a.txt' },
      modifiedMs: (await stat(workspace.file('a.txt'))).mtimeMs,
    });
  });

  it('is told again of a file that it has read again, and changes again', async () => {
    let count = 0;
    between = () => writeFile(workspace.file('a.txt'), `change ${count++}\n`);
    await work([read('a.txt'), call('world', {}), read('a.txt'), call('world', {}), done]);
    assert.deepEqual(await outside(), ['a.txt', 'a.txt']);
  });

  it('is told between turns too, of many files by one message that does not list them all', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `f${index}.txt`);
    for (const name of names) await writeFile(workspace.file(name), 'old\n');
    await work([{ calls: names.map((path) => ({ name: 'fs_read', input: { path } })) }, done, done]);
    for (const name of names) await writeFile(workspace.file(name), 'new\n');
    await rm(workspace.file('f29.txt'));
    await agent.complete('And on.');
    const last = told().at(-1) ?? [];
    assert.equal(last.length, 20);
    assert.equal(last[0], '- f29.txt (is gone)');
    assert.match(model.userTexts.at(-1)?.join('\n') ?? '', /\nand 10 more\n/);
    assert.equal((await outside()).length, 30);
  });

  it('known fault: own edits reported as foreign', async () => {
    await work([
      read('a.txt'),
      call('fs_edit', { path: 'a.txt', old_string: 'one', new_string: 'ONE' }),
      call('fs_write', { path: 'b.txt', content: 'Bee\n' }),
      call('fs_write', { path: 'new.txt', content: 'new\n' }),
      call('fs_multi_edit', { edits: [{ path: 'a.txt', find: 'two', replace: 'TWO' }] }),
      call('fs_write', { path: 'a.txt', content: 'all new\n' }),
      read('b.txt'),
      done,
    ]);
    assert.deepEqual(told().flat(), []);
    assert.deepEqual(await outside(), []);
  });

  it('is not told of a file that was only touched, or saved as it was', async () => {
    between = async () => {
      await utimes(workspace.file('a.txt'), new Date(), new Date());
      await writeFile(workspace.file('b.txt'), 'bee\n');
    };
    await work([read('a.txt'), read('b.txt'), call('world', {}), done]);
    assert.deepEqual(await outside(), []);
  });

  it('is told of a change that leaves size and time as they were, right after the file was written', async () => {
    between = async () => {
      const { atime, mtime } = await stat(workspace.file('a.txt'));
      await writeFile(workspace.file('a.txt'), 'ONE\ntwo\n');
      await utimes(workspace.file('a.txt'), atime, mtime);
    };
    await work([read('a.txt'), read('b.txt'), call('world', {}), done]);
    assert.deepEqual(await outside(), ['a.txt']);
  });

  it('is told of a guarded file by its name alone', async () => {
    between = () => writeFile(workspace.file('.env'), 'KEY=xyz\n');
    const deps = dependenciesFor({ script: [], workspace, tools: [...builtinTools, world] });
    model = listeningModel([read('.env'), call('world', {}), done]);
    agent = await Agent.create({ templateId: 'test', model }, deps);
    agent.on('permission_required', ({ respond }) => respond?.('allow'));
    await agent.complete('Go.');
    const events = (await historyOf(agent)).filter(({ type }) => type === 'file_changed_outside');
    assert.deepEqual(events, [{ channel: 'monitor', type: 'file_changed_outside', path: '.env' }]);
    assert.deepEqual(told().at(-1), ['- .env']);
    assert.ok(!JSON.stringify(model.userTexts).includes('xyz'));
  });

  it('keeps it from writing over what it does not know, until it has read it', async () => {
    between = () => writeFile(workspace.file('a.txt'), "the user's work\n");
    const write = call('fs_write', { path: 'a.txt', content: 'mine\n' });
    await work([read('a.txt'), call('world', {}), write, read('a.txt'), write, done]);
    const errors = (await historyOf(agent)).flatMap((event) => (event.type === 'tool:error' ? [event.error] : []));
    assert.equal(errors.length, 1);
    assert.match(errors[0] ?? '', /"a\.txt" has changed since you last read or wrote it/);
    const results = model.requests[3]?.messages.flatMap(({ content }) => content) ?? [];
    assert.match(JSON.stringify(results), /Read it again; then write it with what has changed/);
  });

  it('keeps no edit from landing whose place is found exactly', async () => {
    between = () => writeFile(workspace.file('a.txt'), 'one\ntwo\nthree\n');
    await work([
      read('a.txt'),
      call('world', {}),
      call('fs_edit', { path: 'a.txt', old_string: 'two', new_string: '2' }),
      done,
    ]);
    const errors = (await historyOf(agent)).filter(({ type }) => type === 'tool:error');
    assert.deepEqual(errors, []);
  });

  it('is nothing after a restart, so nothing stale is told', async () => {
    const deps = dependenciesFor({ script: [], workspace });
    agent = await Agent.create({ templateId: 'test', model: listeningModel([read('a.txt'), done]) }, deps);
    await agent.complete('Go.');
    await agent[Symbol.asyncDispose]();
    await writeFile(workspace.file('a.txt'), 'changed\n');
    model = listeningModel([done]);
    agent = await Agent.resume(agent.agentId, { model }, deps);
    await agent.complete('Go on.');
    assert.deepEqual(told(), [[]]);
  });

  it('can be asked and added to by a tool', async () => {
    const signal = new AbortController().signal;
    const seen: FileFreshness[] = [];
    between = async () => {
      await files?.recordRead('b.txt', signal);
      await writeFile(workspace.file('b.txt'), 'own\n');
      await files?.recordEdit('b.txt', signal);
      for (const path of ['a.txt', 'b.txt', 'none.txt'])
        seen.push((await files?.validateWrite(path, signal)) ?? { isFresh: false });
      await writeFile(workspace.file('a.txt'), 'changed\n');
      seen.push((await files?.checkFreshness('a.txt', signal)) ?? { isFresh: true });
    };
    await work([read('a.txt'), call('world', {}), done]);
    assert.deepEqual(
      seen.map(({ isFresh }) => isFresh),
      [true, true, true, false],
    );
    assert.ok(seen[1]?.lastRead !== undefined && seen[1].lastEdit !== undefined && seen[1].currentMtime !== undefined);
    assert.deepEqual(seen[2], { isFresh: true });
    assert.deepEqual(files?.getTrackedFiles(), ['b.txt', 'a.txt']);
    assert.deepEqual(Object.keys(files.getAccessedFiles()[1] ?? {}), ['path', 'lastRead']);
    assert.deepEqual(await outside(), ['a.txt']);
  });

  it('is of the last 200 files only', async () => {
    const names = Array.from({ length: 210 }, (_, index) => `f${index}.txt`);
    for (const name of names) await writeFile(workspace.file(name), 'old\n');
    await work([{ calls: names.map((path) => ({ name: 'fs_read', input: { path } })) }, call('world', {}), done]);
    // Three are read at a time: among neighbours any may be the earlier one.
    const tracked = new Set(files?.getTrackedFiles());
    assert.equal(tracked.size, 200);
    assert.deepEqual(
      names.slice(13).filter((name) => !tracked.has(name)),
      [],
    );
  });

  it('holds up no step where the file system does not answer', async () => {
    await work([read('a.txt'), call('world', {}), done, done]);
    agent.sandbox.files.stat = () => new Promise(() => undefined);
    const startedAt = performance.now();
    assert.equal((await agent.complete('And on.')).status, 'ok');
    assert.ok(performance.now() - startedAt < 5_000);
  });

  it('known fault: delete leaks watchers', async () => {
    const clock = new FakeClock('2026-11-20T12:00:00');
    const deps = dependenciesFor({ script: [], workspace });
    const pool = new AgentPool({ dependencies: { ...deps, timers: clock.timers } });
    const opened = (): readonly string[] =>
      process.getActiveResourcesInfo().filter((name) => /FS|Watch|Timeout/.test(name));
    await settled(); // The test runner's own timer is set by then.
    const before = opened();
    for (let count = 0; count < 5; count++) {
      model = listeningModel([read('a.txt'), read('b.txt'), done]);
      agent = await pool.create(`agent-${count}`, { templateId: 'test', model });
      agent.schedule().everyMinutes(1, () => undefined);
      await agent.complete('Go.');
      assert.equal(clock.openTimers, 1);
      assert.equal(await pool.delete(`agent-${count}`), true);
      assert.equal(clock.openTimers, 0);
    }
    assert.deepEqual(opened(), before);
    await writeFile(workspace.file('a.txt'), 'changed\n');
    assert.deepEqual(opened(), before);
  });
});
