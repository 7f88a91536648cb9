import { strict as assert } from 'node:assert';
import { mkdir, symlink } from 'node:fs/promises';
import * as path from 'node:path';
import { PathBox } from '../../src/node/pathBox';
import { isInside } from '../../src/node/lexicalPath';
import { neverAborted, refusalOf } from '../support/refusal';
import { useTempFolder } from '../support/tempFolder';

describe('attack: path traversal', () => {
  const temp = useTempFolder();
  const boxAt = (folder: string): PathBox =>
    new PathBox({ roots: [{ name: 'ws', path: path.join(temp.path, folder) }] });
  const box = (): PathBox => boxAt('ws');

  beforeEach(() =>
    temp.write({ 'ws/src/a.ts': 'a', 'ws/..data/b.ts': 'b', 'ws/...': 'dots', 'ws-evil/secret': 's', secret: 's' }),
  );

  for (const attack of [
    '../secret',
    'src/../../secret',
    '../ws-evil/secret',
    './../secret',
    'src/../../../../../../etc/passwd',
  ])
    it(`refuses ${attack}`, async () => {
      const error = await refusalOf('outside', box().resolve(attack, neverAborted));
      assert.ok(error.message.includes(JSON.stringify(attack)), 'the path is quoted');
    });

  it('refuses absolute paths outside, those of a folder that only begins like the root too', async () => {
    await refusalOf('outside', box().resolve('/etc/passwd', neverAborted));
    await refusalOf('outside', box().resolve(path.join(temp.path, 'ws-evil/secret'), neverAborted));
    await refusalOf('outside', box().resolve(temp.path, neverAborted));
  });

  it('refuses paths outside that do not exist, so that nothing is created there', async () => {
    await refusalOf('outside', box().resolve('../new/file.ts', neverAborted));
  });

  it('refuses URIs, the home folder, control characters, empty and endless paths', async () => {
    await refusalOf('uri', box().resolve('file:///etc/passwd', neverAborted));
    await refusalOf('uri', box().resolve('vscode-remote://x/y', neverAborted));
    await refusalOf('home_path', box().resolve('~/.ssh/id_rsa', neverAborted));
    await refusalOf('control_characters', box().resolve('src/a.ts\0.png', neverAborted));
    await refusalOf('control_characters', box().resolve('src/a\n.ts', neverAborted));
    await refusalOf('empty_path', box().resolve('', neverAborted));
    await refusalOf('too_long', box().resolve('a'.repeat(4_097), neverAborted));
    await refusalOf('too_long', box().resolve('a'.repeat(300), neverAborted));
  });

  it('does not decode: percent signs are characters of a name', async () => {
    const { display, exists } = await box().resolve('%2e%2e/secret', neverAborted);
    assert.deepEqual({ display, exists }, { display: '%2e%2e/secret', exists: false });
  });

  it('takes names that begin with dots for names', async () => {
    assert.equal((await box().resolve('..data/b.ts', neverAborted)).exists, true);
    assert.equal((await box().resolve('...', neverAborted)).exists, true);
  });

  it('shows a path relative to its root however it was written', async () => {
    const shown = async (input: string): Promise<string> => (await box().resolve(input, neverAborted)).display;
    assert.equal(await shown('./src//../src/a.ts'), 'src/a.ts');
    assert.equal(await shown(path.join(temp.path, 'ws/src/a.ts')), 'src/a.ts');
    assert.equal(await shown('../ws/src/a.ts'), 'src/a.ts');
    assert.equal(await shown('.'), '.');
  });

  it('opens a root that is itself reached through a link', async () => {
    await symlink(path.join(temp.path, 'ws'), path.join(temp.path, 'link'));
    const { path: real, display } = await boxAt('link').resolve('src/a.ts', neverAborted);
    assert.deepEqual({ real, display }, { real: path.join(temp.path, 'ws/src/a.ts'), display: 'src/a.ts' });
  });

  it('says so when there is no folder or it is gone', async () => {
    await refusalOf('no_workspace', new PathBox({ roots: [] }).resolve('a', neverAborted));
    await refusalOf('no_workspace', boxAt('missing').resolve('a', neverAborted));
  });

  it('allows further folders by absolute path only', async () => {
    const wide = new PathBox({
      roots: [{ name: 'ws', path: path.join(temp.path, 'ws') }],
      allowPaths: [path.join(temp.path, 'ws-evil'), '/does/not/exist'],
    });
    const allowed = path.join(temp.path, 'ws-evil/secret');
    assert.equal((await wide.resolve(allowed, neverAborted)).display, allowed);
    await refusalOf('outside', wide.resolve('../secret', neverAborted));
  });
});

describe('attack: path traversal between several roots', () => {
  const temp = useTempFolder();
  const box = (): PathBox =>
    new PathBox({ roots: ['one', 'two'].map((name) => ({ name, path: path.join(temp.path, name) })) });
  beforeEach(() =>
    temp.write({ 'one/a.ts': '1', 'one/both.ts': '1', 'two/both.ts': '2', 'two/b.ts': '2', secret: 's' }),
  );

  it('takes the first part for the name of a root', async () => {
    assert.equal((await box().resolve('two/b.ts', neverAborted)).path, path.join(temp.path, 'two/b.ts'));
    assert.equal((await box().resolve('two/b.ts', neverAborted)).display, 'two/b.ts');
    assert.equal((await box().resolve('two', neverAborted)).display, 'two');
  });

  it('takes the only root that has the path, and the first one for a new path', async () => {
    assert.equal((await box().resolve('b.ts', neverAborted)).display, 'two/b.ts');
    assert.equal((await box().resolve('new.ts', neverAborted)).display, 'one/new.ts');
    assert.equal((await box().resolve('.', neverAborted)).display, 'one');
  });

  it('refuses a path that several roots have and names them', async () => {
    const error = await refusalOf('ambiguous_root', box().resolve('both.ts', neverAborted));
    assert.match(error.message, /one\/both\.ts, two\/both\.ts/);
  });

  it('refuses to leave through the name of a root', async () => {
    await refusalOf('outside', box().resolve('two/../secret', neverAborted));
    await refusalOf('outside', box().resolve('two/../../etc/passwd', neverAborted));
  });

  it('goes from one root into another, because both are inside', async () => {
    assert.equal((await box().resolve('../two/b.ts', neverAborted)).display, 'two/b.ts');
  });

  it('takes the innermost of nested roots', async () => {
    await mkdir(path.join(temp.path, 'one/inner'));
    const nested = new PathBox({
      roots: [
        { name: 'outer', path: path.join(temp.path, 'one') },
        { name: 'inner', path: path.join(temp.path, 'one/inner') },
      ],
    });
    assert.equal((await nested.resolve('outer/inner/x', neverAborted)).display, 'inner/x');
  });
});

describe('isInside', () => {
  it('folds case only where the file system does', () => {
    assert.equal(isInside('/Work', '/work/a', 'posix', false), false);
    assert.equal(isInside('/Work', '/work/a', 'posix', true), true);
    assert.equal(isInside('C:\\Work', 'c:\\work\\a', 'win32', true), true);
    assert.equal(isInside('C:\\Work', 'D:\\Work\\a', 'win32', true), false);
    assert.equal(isInside('C:\\Work', 'C:\\Work-evil\\a', 'win32', true), false);
  });
});
