import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { Environment } from '../../../src/core/agent/prompt';
import { nodeEnvironment } from '../../../src/node/environment';
import { LocalSandbox } from '../../../src/node/localSandbox';
import { writeFiles } from '../../support/tempFolder';

const { signal } = new AbortController();
const clean = 'touch PWNED; cat';

describe('What the model is told of the repository', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(path.join(tmpdir(), 'countersign-environment-')));
    await writeFiles(folder, { 'a.txt': 'one\n', 'sub/b.txt': 'two\n', '.gitattributes': '*.txt filter=x\n' });
    git('init', '-q', '-b', 'trunk');
    git('add', '.');
    git('commit', '-qm', 'first');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const git = (...words: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd: folder, encoding: 'utf8' });
  const told = async (root = folder): Promise<Environment['git']> => {
    const sandbox = new LocalSandbox({ roots: [{ name: 'ws', path: root }], containment: false });
    try {
      return (await nodeEnvironment().describe(sandbox, signal)).git;
    } finally {
      await sandbox.dispose();
    }
  };
  /** Git has to look into the file again. */
  const touched = (): void => utimesSync(path.join(folder, 'a.txt'), 1, 1);

  it('is its branch and what changed', async () => {
    writeFileSync(path.join(folder, 'a.txt'), 'changed\n');
    assert.deepEqual(await told(), [{ root: 'ws', branch: 'trunk', status: ' M a.txt' }]);
  });

  it('is its branch, too, where only a folder of it is opened', async () => {
    assert.equal((await told(path.join(folder, 'sub')))[0]?.branch, 'trunk');
  });

  it('is nothing where its settings name a program, and that is not executed', async () => {
    git('config', 'filter.x.clean', clean);
    touched();
    assert.deepEqual(await told(), []);
    assert.equal(existsSync(path.join(folder, 'PWNED')), false);
    git('status');
    assert.equal(existsSync(path.join(folder, 'PWNED')), true, 'git itself would have executed it');
  });

  it('is nothing where the opened folder itself looks like a repository', async () => {
    git('config', 'filter.x.clean', clean);
    git('config', 'core.bare', 'false');
    git('config', 'core.worktree', '.');
    execFileSync('bash', ['-c', 'mv .git/* . && rm -rf .git'], { cwd: folder });
    touched();
    assert.deepEqual(await told(), []);
    assert.equal(existsSync(path.join(folder, 'PWNED')), false);
  });
});
