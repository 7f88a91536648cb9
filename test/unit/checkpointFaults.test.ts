import { strict as assert } from 'node:assert';
import { chmod, mkdtemp, readFile, rename, rm, stat, symlink, unlink, writeFile } from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { Agent } from '../../src/core/agent/agent';
import { scriptedModel } from '../../src/core/model/scripted';
import { historyOf } from '../support/agents';
import { edit, files, patch, scriptOf, sha, useCheckpointBench, write } from '../support/checkpointBench';

describe('checkpoints, when things go wrong', () => {
  const bench = useCheckpointBench();

  it('leaves all files as they are when one has changed at the last moment, and says that it failed', async () => {
    const [first] = await bench.start(['one', edit('a.txt', 'a1', 'a2'), edit('b.txt', 'b1', 'b2')]);
    assert.ok(first);
    const { edits } = bench.agent.sandbox;
    const restore = edits.restore.bind(edits);
    // The second file changes after all were looked at.
    edits.restore = async (wanted, signal) => {
      const [one, two] = wanted;
      assert.ok(one && two);
      await writeFile(bench.ws.file('b.txt'), 'mine\n');
      await restore([one, two], signal);
    };
    await assert.rejects(bench.agent.checkpoints.restore(first, files), { code: 'stale' });
    assert.deepEqual([await bench.text('a.txt'), await bench.text('b.txt')], ['a2\n', 'mine\n']);
    const failed = (await historyOf(bench.agent)).findLast((event) => event.type === 'restore');
    assert.equal(failed?.phase, 'failed');
    edits.restore = restore;
    await assert.rejects(bench.agent.checkpoints.undoRestore(), { code: 'nothing' });
  });

  it('goes through no symbolic link that was put in the way', async () => {
    const [first] = await bench.start(['one', edit('a.txt', 'a1', 'a2'), edit('src/c.txt', 'c1', 'c2')]);
    assert.ok(first);
    const outside = await mkdtemp(path.join(os.tmpdir(), 'countersign-outside-'));
    await writeFile(path.join(outside, 'c.txt'), 'c2\n');
    await rename(bench.ws.file('src'), bench.ws.file('away'));
    await symlink(outside, bench.ws.file('src'));
    const { files: listed, token } = await bench.agent.checkpoints.previewRestore(first);
    assert.deepEqual(
      listed.map(({ display, missing }) => [display, missing]),
      [
        ['a.txt', undefined],
        ['src/c.txt', 'elsewhere'],
      ],
    );
    await bench.agent.checkpoints.restore(first, { ...files, token });
    assert.equal(await readFile(path.join(outside, 'c.txt'), 'utf8'), 'c2\n');
    // In the file's own place, between the look and the restore.
    await bench.agent.checkpoints.undoRestore();
    await unlink(bench.ws.file('a.txt'));
    await symlink(path.join(outside, 'c.txt'), bench.ws.file('a.txt'));
    await assert.rejects(bench.agent.checkpoints.restore(first, { ...files, token }), { code: 'changed' });
    await rm(outside, { recursive: true });
  });

  it('keeps line ends, byte order mark, odd bytes and mode', async () => {
    const bytes = Buffer.from('\uFEFFone\r\ntwo\nthree\rlast', 'utf8');
    await writeFile(bench.ws.file('odd.txt'), bytes);
    await chmod(bench.ws.file('odd.txt'), 0o750);
    const [first] = await bench.start([
      'one',
      edit('odd.txt', 'two', '2'),
      patch('*** Begin Patch\n*** Delete File: odd.txt\n*** End Patch'),
      write('odd.txt', 'other\n'),
    ]);
    assert.ok(first);
    assert.equal(await bench.text('odd.txt'), 'other\n');
    await bench.agent.checkpoints.restore(first, files);
    assert.deepEqual(await readFile(bench.ws.file('odd.txt')), bytes);
    assert.equal((await stat(bench.ws.file('odd.txt'))).mode & 0o777, 0o750);
  });

  it('says what was given up, and restores the rest', async () => {
    const [first] = await bench.start(['one', edit('a.txt', 'a1', 'a2'), edit('b.txt', 'b1', 'b2')]);
    assert.ok(first);
    await rm(path.join(bench.folder, sha('a1\n')));
    await writeFile(path.join(bench.folder, sha('b1\n')), 'damaged');
    const { files: listed } = await bench.agent.checkpoints.previewRestore(first);
    assert.deepEqual(
      listed.map(({ display, missing }) => [display, missing]),
      [
        ['b.txt', undefined],
        ['a.txt', 'pruned'],
      ],
    );
    await assert.rejects(bench.agent.checkpoints.restore(first, files), { code: 'missing' });
    assert.equal((await bench.agent.checkpoints.previewRestore(first)).files[0]?.missing, 'pruned');
    await assert.rejects(bench.agent.checkpoints.restore(first, files), { code: 'nothing' });
    assert.deepEqual([await bench.text('a.txt'), await bench.text('b.txt')], ['a2\n', 'b2\n']);
  });

  it('keeps nothing of a secret file, and says so', async () => {
    await writeFile(bench.ws.file('.env'), 'TOKEN=1\n');
    const agent = await bench.agentWith({ script: scriptOf([['one', write('.env', 'TOKEN=2\n')]]) });
    agent.on('permission_required', (event) => void event.respond?.('allow'));
    const first = await agent.send('one');
    await agent.complete(undefined, { onPause: 'wait' });
    assert.equal(await bench.text('.env'), 'TOKEN=2\n');
    const { files: listed } = await agent.checkpoints.previewRestore(first);
    assert.deepEqual(
      listed.map(({ display, missing }) => [display, missing]),
      [['.env', 'secret']],
    );
    await assert.rejects(stat(path.join(bench.folder, sha('TOKEN=1\n'))));
  });

  it('refuses an edit whose file could not be kept', async () => {
    await writeFile(path.join(bench.folder, 'no folder'), '');
    const agent = await bench.agentWith(
      { script: scriptOf([['one', edit('a.txt', 'a1', 'a2')]]) },
      path.join(bench.folder, 'no folder'),
    );
    await agent.complete('one');
    assert.equal(await bench.text('a.txt'), 'a1\n');
    const refused = (await historyOf(agent)).find((event) => event.type === 'tool:error');
    assert.match(refused?.error ?? '', /could not be kept, so the change could not be undone/);
  });

  it('can be finished, or undone, after a crash in the middle', async () => {
    const [first] = await bench.start(['one', edit('a.txt', 'a1', 'a2'), edit('b.txt', 'b1', 'b2')]);
    assert.ok(first);
    // As a process that ends between two files: one is back, and nothing is written of the end.
    bench.agent.sandbox.edits.restore = async () => {
      await writeFile(bench.ws.file('a.txt'), 'a1\n');
      void bench.agent[Symbol.asyncDispose]();
    };
    await assert.rejects(bench.agent.checkpoints.restore(first, files), { code: 'closed' });
    await bench.agent[Symbol.asyncDispose]();
    for (const goOn of ['finish', 'undo'] as const) {
      await writeFile(bench.ws.file('a.txt'), 'a1\n');
      await writeFile(bench.ws.file('b.txt'), 'b2\n');
      bench.agent = await Agent.resume('a', { model: scriptedModel([]) }, bench.deps);
      assert.equal((await bench.agent.checkpoints.lastRestore())?.state, 'started');
      if (goOn === 'finish') {
        const { files: listed } = await bench.agent.checkpoints.previewRestore(first);
        assert.deepEqual(
          listed.map(({ display, foreign }) => [display, foreign]),
          [['b.txt', false]],
        );
        await bench.agent.checkpoints.restore(first, files);
        assert.deepEqual([await bench.text('a.txt'), await bench.text('b.txt')], ['a1\n', 'b1\n']);
        await bench.agent.checkpoints.undoRestore();
        await bench.agent[Symbol.asyncDispose]();
      } else {
        await bench.agent.checkpoints.undoRestore();
        assert.deepEqual([await bench.text('a.txt'), await bench.text('b.txt')], ['a2\n', 'b2\n']);
      }
    }
  });
});
