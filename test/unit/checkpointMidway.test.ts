import { strict as assert } from 'node:assert';
import { promises as disk } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { isAgentError } from '../../src/core/errors';
import type { MessageId } from '../../src/core/protocol/ids';
import { historyOf } from '../support/agents';
import { edit, files, idAt, useCheckpointBench } from '../support/checkpointBench';

describe('a restore that fails after it has put the first file back', () => {
  const bench = useCheckpointBench();
  const realRename = disk.rename;
  let outside: string;
  let first: MessageId;
  beforeEach(async () => {
    outside = await mkdtemp(path.join(os.tmpdir(), 'countersign-outside-'));
    await writeFile(path.join(outside, 'b.txt'), 'b2\n');
    const edits = [edit('a.txt', 'a1', 'a2'), edit('b.txt', 'b1', 'b2'), edit('src/c.txt', 'c1', 'c2')];
    first = idAt(await bench.start(['one', ...edits]), 0);
  });
  afterEach(async () => {
    Object.defineProperty(disk, 'rename', { value: realRename });
    await rm(outside, { recursive: true });
  });

  /** Something happens right after a.txt is back; from then on `fails` may refuse moves onto a.txt. */
  function onceAIsBack(happens: () => Promise<void>, fails = false): void {
    let isBack = false;
    const rename: typeof realRename = async (from, to) => {
      if (path.basename(String(to)) !== 'a.txt') return realRename(from, to);
      if (isBack && fails) throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
      await realRename(from, to);
      if (isBack) return;
      isBack = true;
      await happens();
    };
    Object.defineProperty(disk, 'rename', { value: rename });
  }

  const lastStep = async () => (await historyOf(bench.agent)).findLast((event) => event.type === 'restore');

  it('leaves everything as it was, and a folder that came into the place of a file', async () => {
    onceAIsBack(async () => {
      await unlink(bench.ws.file('b.txt'));
      await mkdir(bench.ws.file('b.txt'));
      await writeFile(path.join(bench.ws.file('b.txt'), 'mine'), 'mine');
    });
    await assert.rejects(bench.agent.checkpoints.restore(first, files), { code: 'stale' });
    assert.deepEqual([await bench.text('a.txt'), await bench.text('src/c.txt')], ['a2\n', 'c2\n']);
    assert.equal(await bench.text('b.txt/mine'), 'mine');
    assert.deepEqual((await readdir(bench.ws.folder)).sort(), ['a.txt', 'b.txt', 'src']);
    const failed = await lastStep();
    assert.ok(failed?.phase === 'failed' && !failed.partly);
    await assert.rejects(bench.agent.checkpoints.undoRestore(), { code: 'nothing' });
  });

  it('goes through no symbolic link that came into the place of a file', async () => {
    onceAIsBack(async () => {
      await unlink(bench.ws.file('b.txt'));
      await symlink(path.join(outside, 'b.txt'), bench.ws.file('b.txt'));
    });
    await assert.rejects(bench.agent.checkpoints.restore(first, files), { code: 'stale' });
    assert.deepEqual([await bench.text('a.txt'), await bench.text('src/c.txt')], ['a2\n', 'c2\n']);
    assert.equal(await readFile(path.join(outside, 'b.txt'), 'utf8'), 'b2\n');
  });

  it('takes nothing from whoever wrote into the file that was back already', async () => {
    onceAIsBack(async () => {
      await writeFile(bench.ws.file('b.txt'), 'theirs\n');
      await writeFile(bench.ws.file('a.txt'), 'theirs too\n');
    });
    await assert.rejects(bench.agent.checkpoints.restore(first, files), (error: unknown) => {
      assert.ok(isAgentError(error) && error.code === 'failed');
      assert.match(error.message, /could not be put back: a\.txt/);
      return true;
    });
    assert.deepEqual([await bench.text('a.txt'), await bench.text('b.txt')], ['theirs too\n', 'theirs\n']);
  });

  it('can be undone, or done again, where a file could not be put back', async () => {
    onceAIsBack(() => writeFile(bench.ws.file('b.txt'), 'theirs\n'), true);
    await assert.rejects(bench.agent.checkpoints.restore(first, files), { code: 'failed' });
    Object.defineProperty(disk, 'rename', { value: realRename });
    assert.deepEqual([await bench.text('a.txt'), await bench.text('b.txt')], ['a1\n', 'theirs\n']);
    const failed = await lastStep();
    assert.ok(failed?.phase === 'failed' && failed.partly);
    const { files: listed, token } = await bench.agent.checkpoints.previewRestore(first);
    assert.deepEqual(
      listed.map(({ display, foreign }) => [display, foreign]),
      [
        ['b.txt', true],
        ['src/c.txt', false],
      ],
    );
    await bench.agent.checkpoints.restore(first, { ...files, token });
    assert.deepEqual(
      [await bench.text('a.txt'), await bench.text('b.txt'), await bench.text('src/c.txt')],
      ['a1\n', 'b1\n', 'c1\n'],
    );
    await bench.agent.checkpoints.undoRestore();
    await bench.agent.checkpoints.undoRestore({ overwrite: true });
    assert.deepEqual([await bench.text('a.txt'), await bench.text('src/c.txt')], ['a2\n', 'c2\n']);
  });
});
