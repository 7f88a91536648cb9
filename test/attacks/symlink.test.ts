import { strict as assert } from 'node:assert';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { link, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { AgentError } from '../../src/core/errors';
import type { WorkspacePath } from '../../src/core/sandbox/sandbox';
import { LocalSandbox } from '../../src/node/localSandbox';
import { neverAborted, refusalOf } from '../support/refusal';
import { useTempFolder } from '../support/tempFolder';

const signal = neverAborted;

describe('attack: symbolic links', () => {
  const temp = useTempFolder();
  const at = (name: string): string => path.join(temp.path, name);
  const sandbox = (): LocalSandbox => new LocalSandbox({ workDir: at('ws') });

  beforeEach(() =>
    temp.write({ 'ws/src/a.ts': 'inside', 'outside/secret': 'secret', 'outside/folder/deep': 'secret' }),
  );

  it('refuses a link to a file outside', async () => {
    await symlink(at('outside/secret'), at('ws/innocent.ts'));
    const error = await refusalOf('outside', sandbox().files.resolve('innocent.ts', signal));
    assert.match(error.message, /leads to/);
  });

  it('refuses a parent folder that leads outside, for what exists and for what does not', async () => {
    await symlink(at('outside'), at('ws/docs'));
    await refusalOf('outside', sandbox().files.resolve('docs/secret', signal));
    await refusalOf('outside', sandbox().files.resolve('docs/new.md', signal));
    await refusalOf('outside', sandbox().files.resolve('docs/new/deeper.md', signal));
  });

  it('refuses a chain of relative links that ends outside', async () => {
    await symlink('two', at('ws/one'));
    await symlink('../outside/secret', at('ws/two'));
    await refusalOf('outside', sandbox().files.resolve('one', signal));
  });

  it('refuses a dangling link: writing would create its target', async () => {
    await symlink(at('outside/not-yet'), at('ws/new.ts'));
    await refusalOf('symlink', sandbox().files.resolve('new.ts', signal));
    await symlink(at('outside/nowhere'), at('ws/folder'));
    await refusalOf('symlink', sandbox().files.resolve('folder/x.ts', signal));
  });

  it('refuses links in a circle', async () => {
    await symlink('b', at('ws/a'));
    await symlink('a', at('ws/b'));
    await refusalOf('symlink', sandbox().files.resolve('a', signal));
  });

  it('follows a link inside of the workspace and shows where it leads', async () => {
    await symlink('src/a.ts', at('ws/alias.ts'));
    const { path: real, display } = await sandbox().files.resolve('alias.ts', signal);
    assert.equal(display, 'src/a.ts');
    assert.equal((await sandbox().files.readText(real, signal)).text, 'inside');
  });

  it('refuses a file that became a link after it was resolved', async () => {
    const box = sandbox();
    const { path: real } = await box.files.resolve('src/new.ts', signal);
    await symlink(at('outside/secret'), real);
    await refusalOf('raced', box.files.readText(real, signal));
  });

  it('refuses a folder that became a link after it was resolved', async () => {
    const box = sandbox();
    const { path: real } = await box.files.resolve('later/deep', signal);
    await symlink(at('outside/folder'), at('ws/later'));
    await refusalOf('raced', box.files.readText(real, signal));
    assert.equal(await box.files.stat(real, signal).catch(() => 'refused'), 'refused');
    await refusalOf(
      'raced',
      box.edits.apply(undefined, [{ path: real, display: 'later/deep', before: 'secret', after: 'x' }], signal),
    );
    assert.equal(await readFile(at('outside/folder/deep'), 'utf8'), 'secret');
  });

  it('does not write through a link that takes the place of the file, nor into its other hard links', async () => {
    const box = sandbox();
    const { path: real } = await box.files.resolve('src/a.ts', signal);
    await link(real, at('outside/twin'));
    await box.edits.apply(undefined, [{ path: real, display: 'src/a.ts', before: 'inside', after: 'edited' }], signal);
    assert.equal(await readFile(at('outside/twin'), 'utf8'), 'inside');
    assert.equal(await readFile(real, 'utf8'), 'edited');
  });

  it('neither lists nor searches through links to folders', async () => {
    await symlink(at('outside'), at('ws/docs'));
    await symlink('.', at('ws/circle'));
    const box = sandbox();
    assert.deepEqual((await box.search.glob({ pattern: '**', cwd: undefined, dot: true, limit: 50 }, signal)).paths, [
      'src/a.ts',
    ]);
    const request = { path: undefined, regex: false, caseSensitive: true, glob: undefined, limit: 50 };
    assert.deepEqual((await box.search.grep({ pattern: 'secret', ...request }, signal)).matches, []);
  });

  it('lists files where they really are, and no links to them', async () => {
    await symlink('src/a.ts', at('ws/alias.ts'));
    await symlink(at('outside/secret'), at('ws/leak.ts'));
    const { paths } = await sandbox().search.glob(
      { pattern: '**/*.ts', cwd: undefined, dot: false, limit: 50 },
      signal,
    );
    assert.deepEqual(paths, ['src/a.ts']);
  });

  it('does not run a command in a folder that leads outside by now', async () => {
    const box = sandbox();
    const { path: real } = await box.files.resolve('later', signal);
    await symlink(at('outside'), at('ws/later'));
    const run = box.commands.run({ command: 'pwd', cwd: real, timeoutMs: 5_000, onOutput: () => undefined }, signal);
    await refusalOf('raced', run);
  });
});

/** Swaps `ws/d` between a folder and a link outside, and `ws/f` between a file and a link outside, until it is killed. */
const swapper = `
const fs = require('node:fs'); const ws = process.argv[2]; const outside = process.argv[3];
const swap = (name, real, target) => { try { fs.renameSync(ws + '/' + name, ws + '/' + real); fs.symlinkSync(target, ws + '/' + name); fs.unlinkSync(ws + '/' + name); fs.renameSync(ws + '/' + real, ws + '/' + name); } catch (error) { try { fs.renameSync(ws + '/' + real, ws + '/' + name); } catch {} } };
process.send('ready'); for (;;) { swap('d', '.d', outside); swap('f', '.f', outside + '/f'); }
`;

describe('attack: symbolic links swapped between check and use', function () {
  this.timeout(30_000);
  const temp = useTempFolder();
  const at = (name: string): string => path.join(temp.path, name);

  async function whileSwapping(work: (box: LocalSandbox) => Promise<void>): Promise<void> {
    await temp.write({ 'ws/d/f': 'inside', 'ws/f': 'inside', 'outside/f': 'SECRET' });
    await writeFile(at('swapper.cjs'), swapper);
    const child = fork(at('swapper.cjs'), [at('ws'), at('outside')]);
    await once(child, 'message');
    try {
      await work(new LocalSandbox({ workDir: at('ws') }));
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }

  it('reads nothing from outside in a second of tries', async () => {
    let read = 0;
    let refused = 0;
    await whileSwapping(async (box) => {
      for (const start = performance.now(); performance.now() - start < 1_000;)
        for (const name of ['d/f', 'f'])
          try {
            const { path: real } = await box.files.resolve(name, signal);
            const { text } = await box.files.readText(real, signal);
            assert.equal(text, 'inside');
            read += 1;
          } catch (error) {
            assert.ok(error instanceof AgentError, String(error));
            refused += 1;
          }
    });
    assert.ok(read > 10 && refused > 10, `both happened: ${read} read, ${refused} refused`);
  });

  it('writes nothing outside in a second of tries', async () => {
    let written = 0;
    await whileSwapping(async (box) => {
      for (const start = performance.now(); performance.now() - start < 1_000;)
        for (const name of ['d/f', 'f', `d/new${written}`])
          try {
            const found = await box.files.resolve(name, signal);
            const before = found.exists ? 'inside' : undefined;
            await box.edits.apply(undefined, [{ path: found.path, display: name, before, after: 'inside' }], signal);
            written += 1;
          } catch (error) {
            assert.ok(error instanceof AgentError || (error instanceof Error && 'code' in error), String(error));
          }
    });
    assert.ok(written > 0, 'some writes went through');
    assert.deepEqual(await readdir(at('outside')), ['f']);
    assert.equal(await readFile(at('outside/f'), 'utf8'), 'SECRET');
  });

  it('makes no folder outside', async () => {
    let made = 0;
    await whileSwapping(async (box) => {
      for (const start = performance.now(); performance.now() - start < 500; made += 1)
        await box.edits
          .apply(
            undefined,
            [{ path: at(`ws/d/x${made}/y`) as WorkspacePath, display: 'y', before: undefined, after: '' }],
            signal,
          )
          .catch(() => undefined);
    });
    await mkdir(at('ws/d'), { recursive: true });
    assert.deepEqual(await readdir(at('outside')), ['f']);
  });
});
