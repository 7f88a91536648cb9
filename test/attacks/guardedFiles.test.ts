import { strict as assert } from 'node:assert';
import { mkdir, symlink } from 'node:fs/promises';
import * as path from 'node:path';
import { readInstructions } from '../../src/node/instructions';
import { LocalSandbox } from '../../src/node/localSandbox';
import { PathBox } from '../../src/node/pathBox';
import { neverAborted, refusalOf } from '../support/refusal';
import { useTempFolder } from '../support/tempFolder';

describe('attack: guarded files through the roots', () => {
  const temp = useTempFolder();
  const box = (...folders: string[]): PathBox =>
    new PathBox({ roots: folders.map((folder) => ({ name: folder, path: path.join(temp.path, folder) })) });
  const kindOf = async (from: PathBox, input: string): Promise<string | undefined> =>
    (await from.resolve(input, neverAborted)).guarded?.kind;
  beforeEach(() =>
    temp.write({
      'ws/.git/hooks/x': '',
      'ws/.github/workflows/ci.yml': '',
      'ws/a/.env': '',
      'ws/a.ts': '',
      '.claude/worktrees/b/a.ts': '',
    }),
  );

  it('guards them below a root, at any depth, existing or not', async () => {
    const ws = box('ws');
    assert.equal(await kindOf(ws, '.git/hooks/x'), 'protected');
    assert.equal(await kindOf(ws, '.git/hooks/new'), 'protected');
    assert.equal(await kindOf(ws, 'sub/new/.vscode/tasks.json'), 'protected');
    assert.equal(await kindOf(ws, 'a/.env'), 'secret');
    assert.equal(await kindOf(ws, path.join(temp.path, 'ws/a/.env')), 'secret');
    assert.equal(await kindOf(ws, 'a.ts'), undefined);
  });

  it('guards them when the guarded folder itself is opened, alone or beside its repository', async () => {
    assert.equal(await kindOf(box('ws/.github'), 'workflows/ci.yml'), 'protected');
    assert.equal(await kindOf(box('ws', 'ws/.git/hooks'), path.join(temp.path, 'ws/.git/hooks/x')), 'protected');
    assert.equal(
      await kindOf(box('ws', 'ws/.github/workflows'), path.join(temp.path, 'ws/.github/workflows/ci.yml')),
      'protected',
    );
  });

  it('leaves a work tree alone that another agent has put into its folder', async () => {
    assert.equal(await kindOf(box('.claude/worktrees/b'), 'a.ts'), undefined);
  });

  it('guards everywhere where the boundary is lifted', async () => {
    const wide = new PathBox({ roots: [{ name: 'ws', path: path.join(temp.path, 'ws') }], enforceBoundary: false });
    await mkdir(path.join(temp.path, '.ssh'));
    assert.equal(await kindOf(wide, path.join(temp.path, '.ssh/id_ed25519')), 'secret');
  });

  it('refuses roots of the same name and takes each by its absolute path', async () => {
    await temp.write({ 'one/ws/a.ts': '1', 'two/ws/a.ts': '2' });
    const same = new PathBox({
      roots: ['one', 'two'].map((folder) => ({ name: 'ws', path: path.join(temp.path, folder, 'ws') })),
    });
    await refusalOf('ambiguous_root', same.resolve('ws/a.ts', neverAborted));
    await refusalOf('ambiguous_root', same.resolve('a.ts', neverAborted));
    assert.equal((await same.resolve(path.join(temp.path, 'two/ws/a.ts'), neverAborted)).exists, true);
  });

  it('guards settings in which a login stands, from reading and from searching', async () => {
    const token = '//registry.npmjs.org/:_authToken=canary\n';
    const plain = {
      'ws/.npmrc': 'engine-strict=true\n',
      'ws/.git/config': '[remote "o"]\n\turl = https://h.example/x\n',
    };
    await temp.write(plain);
    for (const name of ['.npmrc', '.git/config']) assert.equal(await kindOf(box('ws'), name), 'protected');
    await temp.write({
      'ws/.npmrc': token,
      'ws/.git/config': '[remote "o"]\n\turl = https://u:canary@h.example/x\n',
    });
    for (const name of ['.npmrc', '.git/config']) assert.equal(await kindOf(box('ws'), name), 'secret', name);
    for (const ripgrep of [undefined, false] as const) {
      const { search, files } = new LocalSandbox({
        workDir: path.join(temp.path, 'ws'),
        ...(ripgrep === false && { ripgrep }),
      });
      const request = { regex: false, caseSensitive: true, glob: undefined, limit: 10, pattern: 'canary' };
      for (const name of ['.', '.npmrc', '.git']) {
        const place = (await files.resolve(name, neverAborted)).path;
        assert.deepEqual((await search.grep({ ...request, path: place }, neverAborted)).matches, [], name);
      }
    }
  });

  it('takes no secret for instructions, whatever a link calls it', async () => {
    await temp.write({ 'ws/.env': 'KEY=SECRET' });
    await symlink('.env', path.join(temp.path, 'ws/AGENTS.md'));
    const sandbox = new LocalSandbox({ workDir: path.join(temp.path, 'ws') });
    assert.deepEqual(await readInstructions(sandbox, undefined, neverAborted), []);
  });

  it('reads a file that .countersignignore hides when it is asked for by name', async () => {
    await temp.write({ 'ws/.countersignignore': 'big/', 'ws/big/a.ts': 'a' });
    const { files, search } = new LocalSandbox({ workDir: path.join(temp.path, 'ws') });
    const { paths } = await search.glob({ pattern: '**/a.ts', cwd: undefined, dot: true, limit: 9 }, neverAborted);
    assert.deepEqual(paths, ['a.ts']);
    const { path: real } = await files.resolve('big/a.ts', neverAborted);
    assert.equal((await files.readText(real, neverAborted)).text, 'a');
  });
});
