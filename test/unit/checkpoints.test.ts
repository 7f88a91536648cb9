import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readFile, rename, rm, stat, symlink, unlink, writeFile } from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { Agent } from '../../src/core/agent/agent';
import type { AgentDependencies } from '../../src/core/agent/config';
import type { ScriptedTurn } from '../../src/core/model/scripted';
import { scriptedModel } from '../../src/core/model/scripted';
import type { MessageId } from '../../src/core/protocol/ids';
import { FileCheckpointBlobs } from '../../src/node/checkpoints/fileCheckpointBlobs';
import { dependenciesFor, historyOf, workspaceWith, type Workspace } from '../support/agents';

describe('checkpoints', () => {
  let ws: Workspace;
  let folder: string;
  let deps: AgentDependencies;
  let agent: Agent;
  beforeEach(async () => {
    ws = await workspaceWith({ 'a.txt': 'a1\n', 'b.txt': 'b1\n', 'src/c.txt': 'c1\n' });
    folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-blobs-'));
  });
  afterEach(async () => {
    await agent[Symbol.asyncDispose]();
    await ws.remove();
    await rm(folder, { recursive: true, force: true });
  });

  async function start(...turns: Turns): Promise<readonly MessageId[]> {
    deps = {
      ...dependenciesFor({ script: scriptOf(turns), workspace: ws }),
      checkpoints: new FileCheckpointBlobs({ folder }),
    };
    agent = await Agent.create({ agentId: 'a', templateId: 'test' }, deps);
    const ids: MessageId[] = [];
    for (const [text] of turns) {
      ids.push(await agent.send(text));
      await agent.complete();
    }
    return ids;
  }
  const idAt = (ids: readonly MessageId[], place: number): MessageId => ids[place] ?? assert.fail('no such message');
  const text = (name: string): Promise<string> => readFile(ws.file(name), 'utf8');
  const files = { files: true, conversation: false };

  it('brings back files that several turns have edited, made and deleted, and undoes that', async () => {
    const ids = await start(
      ['one', edit('a.txt', 'a1', 'a2')],
      ['two', edit('a.txt', 'a2', 'a3'), write('new/d.txt', 'd1\n')],
      [
        'three',
        patch('*** Begin Patch\n*** Delete File: b.txt\n*** Update File: src/c.txt\n@@\n-c1\n+c2\n*** End Patch'),
      ],
    );
    assert.deepEqual([await text('a.txt'), await text('new/d.txt'), await text('src/c.txt')], ['a3\n', 'd1\n', 'c2\n']);
    const { files: listed } = await agent.checkpoints.previewRestore(idAt(ids, 1));
    assert.deepEqual(
      listed.map(({ display, change, foreign }) => [display, change, foreign]),
      [
        ['a.txt', 'restore', false],
        ['b.txt', 'recreate', false],
        ['new/d.txt', 'delete', false],
        ['src/c.txt', 'restore', false],
      ],
    );
    assert.deepEqual(await agent.checkpoints.restore(idAt(ids, 1), files), { files: 4, conversation: false });
    assert.deepEqual([await text('a.txt'), await text('b.txt'), await text('src/c.txt')], ['a2\n', 'b1\n', 'c1\n']);
    await assert.rejects(stat(ws.file('new/d.txt')));
    // Later places can still be gone to: what was restored over was kept.
    await agent.checkpoints.restore(idAt(ids, 2), files);
    assert.deepEqual([await text('a.txt'), await text('b.txt')], ['a3\n', 'b1\n']);
    await agent.checkpoints.undoRestore();
    await agent.checkpoints.undoRestore();
    await assert.rejects(stat(ws.file('b.txt')));
    assert.deepEqual([await text('a.txt'), await text('new/d.txt'), await text('src/c.txt')], ['a3\n', 'd1\n', 'c2\n']);
    await assert.rejects(agent.checkpoints.undoRestore(), { code: 'nothing' });
  });

  it('takes files and conversation back together, and both come back', async () => {
    const ids = await start(['one', edit('a.txt', 'a1', 'a2')], ['two', edit('a.txt', 'a2', 'a3')]);
    const before = agent.info().messageCount;
    const done = await agent.checkpoints.restore(idAt(ids, 1), { files: true, conversation: true });
    assert.deepEqual(done, { files: 1, conversation: true });
    assert.ok(agent.info().messageCount < before);
    assert.equal(await text('a.txt'), 'a2\n');
    assert.deepEqual(await agent.checkpoints.undoRestore(), { files: 1, conversation: true });
    assert.equal(agent.info().messageCount, before);
    assert.equal(await text('a.txt'), 'a3\n');
    await agent.rewind(idAt(ids, 0));
    assert.equal(await text('a.txt'), 'a3\n');
    assert.deepEqual(await agent.checkpoints.undoRestore(), { files: 0, conversation: true });
    assert.equal(agent.info().messageCount, before);
  });

  it('leaves the conversation as it is when it went on since', async () => {
    const ids = await start(['one', edit('a.txt', 'a1', 'a2')]);
    await agent.checkpoints.restore(idAt(ids, 0), { files: true, conversation: true });
    await agent.complete('something else');
    assert.deepEqual(await agent.checkpoints.undoRestore(), { files: 1, conversation: false });
    assert.equal(await text('a.txt'), 'a2\n');
  });

  it('lists what somebody else has changed first, and touches it only when that was seen', async () => {
    const [first] = await start(['one', edit('a.txt', 'a1', 'a2'), edit('b.txt', 'b1', 'b2')]);
    assert.ok(first);
    await writeFile(ws.file('b.txt'), 'mine\r\n\0');
    const preview = await agent.checkpoints.previewRestore(first);
    assert.deepEqual(
      preview.files.map(({ display, foreign }) => [display, foreign]),
      [
        ['b.txt', true],
        ['a.txt', false],
      ],
    );
    await assert.rejects(agent.checkpoints.restore(first, files), { code: 'changed' });
    assert.deepEqual([await text('a.txt'), await text('b.txt')], ['a2\n', 'mine\r\n\0']);
    await writeFile(ws.file('b.txt'), 'mine too');
    await assert.rejects(agent.checkpoints.restore(first, { ...files, token: preview.token }), { code: 'changed' });
    const { token } = await agent.checkpoints.previewRestore(first);
    await agent.checkpoints.restore(first, { ...files, token });
    assert.deepEqual([await text('a.txt'), await text('b.txt')], ['a1\n', 'b1\n']);
    await agent.checkpoints.undoRestore();
    assert.deepEqual([await text('a.txt'), await text('b.txt')], ['a2\n', 'mine too']);
  });

  it('names a change that somebody else made between two turns', async () => {
    const turns: Turns = [
      ['one', edit('a.txt', 'a1', 'a2')],
      ['two', edit('a.txt', 'mine', 'a3')],
    ];
    deps = {
      ...dependenciesFor({ script: scriptOf(turns), workspace: ws }),
      checkpoints: new FileCheckpointBlobs({ folder }),
    };
    agent = await Agent.create({ agentId: 'a', templateId: 'test' }, deps);
    const first = await agent.send('one');
    await agent.complete();
    await writeFile(ws.file('a.txt'), 'mine\n');
    const second = await agent.send('two');
    await agent.complete();
    assert.equal(await text('a.txt'), 'a3\n');
    assert.equal((await agent.checkpoints.previewRestore(first)).files[0]?.foreign, true);
    assert.equal((await agent.checkpoints.previewRestore(second)).files[0]?.foreign, false);
    await agent.checkpoints.restore(second, files);
    assert.equal(await text('a.txt'), 'mine\n');
  });

  it('asks before it undoes a restore over what was done since', async () => {
    const [first] = await start(['one', edit('a.txt', 'a1', 'a2')]);
    assert.ok(first);
    await agent.checkpoints.restore(first, files);
    await writeFile(ws.file('a.txt'), 'mine\n');
    await assert.rejects(agent.checkpoints.undoRestore(), { code: 'changed' });
    assert.equal(await text('a.txt'), 'mine\n');
    await agent.checkpoints.undoRestore({ overwrite: true });
    assert.equal(await text('a.txt'), 'a2\n');
  });

  it('leaves all files as they are when one has changed at the last moment, and says that it failed', async () => {
    const [first] = await start(['one', edit('a.txt', 'a1', 'a2'), edit('b.txt', 'b1', 'b2')]);
    assert.ok(first);
    const { edits } = agent.sandbox;
    const restore = edits.restore.bind(edits);
    // The second file changes after all were looked at.
    edits.restore = async (wanted, signal) => {
      const [one, two] = wanted;
      assert.ok(one && two);
      await writeFile(ws.file('b.txt'), 'mine\n');
      await restore([one, two], signal);
    };
    await assert.rejects(agent.checkpoints.restore(first, files), { code: 'stale' });
    assert.deepEqual([await text('a.txt'), await text('b.txt')], ['a2\n', 'mine\n']);
    const failed = (await historyOf(agent)).findLast((event) => event.type === 'restore');
    assert.equal(failed?.phase, 'failed');
    edits.restore = restore;
    await assert.rejects(agent.checkpoints.undoRestore(), { code: 'nothing' });
  });

  it('goes through no symbolic link that was put in the way', async () => {
    const [first] = await start(['one', edit('a.txt', 'a1', 'a2'), edit('src/c.txt', 'c1', 'c2')]);
    assert.ok(first);
    const outside = await mkdtemp(path.join(os.tmpdir(), 'countersign-outside-'));
    await writeFile(path.join(outside, 'c.txt'), 'c2\n');
    await rename(ws.file('src'), ws.file('away'));
    await symlink(outside, ws.file('src'));
    const { files: listed, token } = await agent.checkpoints.previewRestore(first);
    assert.deepEqual(
      listed.map(({ display, missing }) => [display, missing]),
      [
        ['a.txt', undefined],
        ['src/c.txt', 'elsewhere'],
      ],
    );
    await agent.checkpoints.restore(first, { ...files, token });
    assert.equal(await readFile(path.join(outside, 'c.txt'), 'utf8'), 'c2\n');
    // In the file's own place, between the look and the restore.
    await agent.checkpoints.undoRestore();
    await unlink(ws.file('a.txt'));
    await symlink(path.join(outside, 'c.txt'), ws.file('a.txt'));
    await assert.rejects(agent.checkpoints.restore(first, { ...files, token }), { code: 'changed' });
    await rm(outside, { recursive: true });
  });

  it('keeps line ends, byte order mark, odd bytes and mode', async () => {
    const bytes = Buffer.from('\uFEFFone\r\ntwo\nthree\rlast', 'utf8');
    await writeFile(ws.file('odd.txt'), bytes);
    await chmod(ws.file('odd.txt'), 0o750);
    const [first] = await start([
      'one',
      edit('odd.txt', 'two', '2'),
      patch('*** Begin Patch\n*** Delete File: odd.txt\n*** End Patch'),
      write('odd.txt', 'other\n'),
    ]);
    assert.ok(first);
    assert.equal(await text('odd.txt'), 'other\n');
    await agent.checkpoints.restore(first, files);
    assert.deepEqual(await readFile(ws.file('odd.txt')), bytes);
    assert.equal((await stat(ws.file('odd.txt'))).mode & 0o777, 0o750);
  });

  it('says what was given up, and restores the rest', async () => {
    const [first] = await start(['one', edit('a.txt', 'a1', 'a2'), edit('b.txt', 'b1', 'b2')]);
    assert.ok(first);
    await rm(path.join(folder, sha('a1\n')));
    await writeFile(path.join(folder, sha('b1\n')), 'damaged');
    const { files: listed } = await agent.checkpoints.previewRestore(first);
    assert.deepEqual(
      listed.map(({ display, missing }) => [display, missing]),
      [
        ['b.txt', undefined],
        ['a.txt', 'pruned'],
      ],
    );
    await assert.rejects(agent.checkpoints.restore(first, files), { code: 'missing' });
    assert.equal((await agent.checkpoints.previewRestore(first)).files[0]?.missing, 'pruned');
    await assert.rejects(agent.checkpoints.restore(first, files), { code: 'nothing' });
    assert.deepEqual([await text('a.txt'), await text('b.txt')], ['a2\n', 'b2\n']);
  });

  it('keeps nothing of a secret file, and says so', async () => {
    await writeFile(ws.file('.env'), 'TOKEN=1\n');
    deps = {
      ...dependenciesFor({ script: scriptOf([['one', write('.env', 'TOKEN=2\n')]]), workspace: ws }),
      checkpoints: new FileCheckpointBlobs({ folder }),
    };
    agent = await Agent.create({ agentId: 'a', templateId: 'test' }, deps);
    agent.on('permission_required', (event) => void event.respond?.('allow'));
    const first = await agent.send('one');
    await agent.complete(undefined, { onPause: 'wait' });
    assert.equal(await text('.env'), 'TOKEN=2\n');
    const { files: listed } = await agent.checkpoints.previewRestore(first);
    assert.deepEqual(
      listed.map(({ display, missing }) => [display, missing]),
      [['.env', 'secret']],
    );
    await assert.rejects(stat(path.join(folder, sha('TOKEN=1\n'))));
  });

  it('refuses an edit whose file could not be kept', async () => {
    await writeFile(path.join(folder, 'no folder'), '');
    deps = {
      ...dependenciesFor({ script: scriptOf([['one', edit('a.txt', 'a1', 'a2')]]), workspace: ws }),
      checkpoints: new FileCheckpointBlobs({ folder: path.join(folder, 'no folder') }),
    };
    agent = await Agent.create({ agentId: 'a', templateId: 'test' }, deps);
    await agent.complete('one');
    assert.equal(await text('a.txt'), 'a1\n');
    const refused = (await historyOf(agent)).find((event) => event.type === 'tool:error');
    assert.match(refused?.error ?? '', /could not be kept, so the change could not be undone/);
  });

  it('restores nothing while a turn runs', async () => {
    deps = {
      ...dependenciesFor({ script: [{ text: 'word '.repeat(200) }], workspace: ws, chunkDelayMs: 5 }),
      checkpoints: new FileCheckpointBlobs({ folder }),
    };
    agent = await Agent.create({ agentId: 'a', templateId: 'test' }, deps);
    const first = await agent.send('one');
    await assert.rejects(agent.checkpoints.restore(first, files), { code: 'busy' });
    await agent.interrupt();
  });

  it('tells the model what went back, where the conversation stays', async () => {
    const [first] = await start(['one', edit('a.txt', 'a1', 'a2')]);
    assert.ok(first);
    await agent.checkpoints.restore(first, files);
    assert.match(agent.info().told?.[0] ?? '', /put files back .* a\.txt/);
  });

  it('can be finished, or undone, after a crash in the middle', async () => {
    const [first] = await start(['one', edit('a.txt', 'a1', 'a2'), edit('b.txt', 'b1', 'b2')]);
    assert.ok(first);
    // As a process that ends between two files: one is back, and nothing is written of the end.
    agent.sandbox.edits.restore = async () => {
      await writeFile(ws.file('a.txt'), 'a1\n');
      void agent[Symbol.asyncDispose]();
    };
    await assert.rejects(agent.checkpoints.restore(first, files), { code: 'closed' });
    await agent[Symbol.asyncDispose]();
    for (const goOn of ['finish', 'undo'] as const) {
      await writeFile(ws.file('a.txt'), 'a1\n');
      await writeFile(ws.file('b.txt'), 'b2\n');
      agent = await Agent.resume('a', { model: scriptedModel([]) }, deps);
      assert.equal((await agent.checkpoints.lastRestore())?.state, 'started');
      if (goOn === 'finish') {
        const { files: listed } = await agent.checkpoints.previewRestore(first);
        assert.deepEqual(
          listed.map(({ display, foreign }) => [display, foreign]),
          [['b.txt', false]],
        );
        await agent.checkpoints.restore(first, files);
        assert.deepEqual([await text('a.txt'), await text('b.txt')], ['a1\n', 'b1\n']);
        await agent.checkpoints.undoRestore();
        await agent[Symbol.asyncDispose]();
      } else {
        await agent.checkpoints.undoRestore();
        assert.deepEqual([await text('a.txt'), await text('b.txt')], ['a2\n', 'b2\n']);
      }
    }
  });

  it('a fork restores what it has done itself', async () => {
    const ids = await start(['one', edit('a.txt', 'a1', 'a2')], ['two', edit('b.txt', 'b1', 'b2')]);
    const fork = await agent.fork(idAt(ids, 1));
    const { files: listed } = await fork.checkpoints.previewRestore(idAt(ids, 0));
    assert.deepEqual(
      listed.map(({ display }) => display),
      ['a.txt'],
    );
    await fork[Symbol.asyncDispose]();
  });

  it('works where nothing is kept: the conversation alone goes back', async () => {
    deps = dependenciesFor({ script: scriptOf([['one', edit('a.txt', 'a1', 'a2')]]), workspace: ws });
    agent = await Agent.create({ agentId: 'a', templateId: 'test' }, deps);
    const first = await agent.send('one');
    await agent.complete();
    assert.deepEqual((await agent.checkpoints.previewRestore(first)).files, []);
    await assert.rejects(agent.checkpoints.restore(first, files), { code: 'nothing' });
    await agent.rewind(first);
    assert.equal(agent.info().messageCount, 0);
  });
});

type Edit = { readonly name: string; readonly args: Readonly<Record<string, string>> };
type Turns = readonly (readonly [string, ...(readonly Edit[])])[];

const edit = (file: string, from: string, to: string): Edit => ({
  name: 'fs_edit',
  args: { path: file, old_string: from, new_string: to },
});
const write = (file: string, content: string): Edit => ({ name: 'fs_write', args: { path: file, content } });
const patch = (text: string): Edit => ({ name: 'apply_patch', args: { patch: text } });

const scriptOf = (turns: Turns): readonly ScriptedTurn[] =>
  turns.flatMap(([, ...edits]) => [
    ...edits.map((one): ScriptedTurn => ({ calls: [{ name: one.name, input: one.args }] })),
    { text: 'Done.' },
  ]);

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
