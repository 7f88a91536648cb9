import { strict as assert } from 'node:assert';
import { link, readFile, symlink } from 'node:fs/promises';
import * as path from 'node:path';
import { LocalSandbox } from '../../src/node/localSandbox';
import { neverAborted, refusalOf } from '../support/refusal';
import { useTempFolder } from '../support/tempFolder';

const signal = neverAborted;

/** Links that are swapped while a path is in use: test/torture/symlinkRace.test.ts. */
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
      box.edits.apply(
        { kind: 'unasked' },
        [{ path: real, display: 'later/deep', before: 'secret', after: 'x' }],
        signal,
      ),
    );
    assert.equal(await readFile(at('outside/folder/deep'), 'utf8'), 'secret');
  });

  it('does not write through a link that takes the place of the file, nor into its other hard links', async () => {
    const box = sandbox();
    const { path: real } = await box.files.resolve('src/a.ts', signal);
    await link(real, at('outside/twin'));
    await box.edits.apply(
      { kind: 'unasked' },
      [{ path: real, display: 'src/a.ts', before: 'inside', after: 'edited' }],
      signal,
    );
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
