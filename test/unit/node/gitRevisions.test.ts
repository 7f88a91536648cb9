import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { WorkspacePath } from '../../../src/core/sandbox/sandbox';
import { judgeCommand } from '../../../src/node/commands/judgeCommand';
import { findShell } from '../../../src/node/commands/shell';
import { PathBox } from '../../../src/node/pathBox';
import { writeFiles } from '../../support/tempFolder';

describe('Git in a clone with packed objects', () => {
  let folder: string;
  beforeEach(async function () {
    if (process.platform === 'win32') this.skip();
    folder = await realpath(await mkdtemp(path.join(tmpdir(), 'countersign-revisions-')));
    await writeFiles(folder, { 'a.txt': 'one\n', 'sub/b.ts': 'two\n' });
    git('init', '-q', '-b', 'main');
    git('add', '.');
    git('commit', '-qm', 'first');
    git('commit', '-q', '--allow-empty', '-m', 'second');
    git('tag', '-a', '-m', 'x', 'v1');
    git('gc', '-q');
    git('worktree', 'add', '-q', 'tree');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const git = (...words: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd: folder, encoding: 'utf8' });
  const isHarmless = async (command: string, variables?: NodeJS.ProcessEnv): Promise<boolean> => {
    const box = new PathBox({ roots: [{ name: 'ws', path: folder }] });
    const ports = { box, shell: findShell(), ...(variables && { variables }) };
    const request = { command, cwd: folder as WorkspacePath };
    return (await judgeCommand(request, ports, new AbortController().signal)).kind === 'harmless';
  };

  it('shows commits by any of their names unasked', async () => {
    const short = git('rev-parse', '--short', 'HEAD~1').trim();
    const commands = [
      `git show ${short}`,
      `git show ${short}:a.txt`,
      `git diff ${short}..HEAD`,
      `git log -p ${short}^{commit}`,
      `git show '${short}^{commit}'`,
      `git -C tree show ${short}`,
      'git show v1',
      'git show HEAD@{1}',
      "git show 'HEAD@{1}'",
      'git show HEAD:sub',
      'git diff HEAD^ HEAD',
      'git diff HEAD^..',
      'git diff main...HEAD',
      'git diff main -- a.txt',
      'git diff -- a.txt',
      "git diff -- ':!a.txt'",
      "git diff HEAD -- . ':!sub/*.ts'",
      'cat .git/HEAD',
    ];
    const asked = await Promise.all(commands.map(async (command) => ((await isHarmless(command)) ? [] : [command])));
    assert.deepEqual(asked.flat(), []);
  });

  it('is asked where the git on the PATH is too old to be told what to leave out', async () => {
    const programs = await mkdtemp(path.join(tmpdir(), 'countersign-git-'));
    try {
      await writeFiles(programs, { git: '#!/bin/sh\necho git version 2.30.9\n' });
      execFileSync('chmod', ['+x', path.join(programs, 'git')]);
      const old = { ...process.env, PATH: `${programs}:${process.env['PATH'] ?? ''}` };
      assert.equal(await isHarmless('git status', old), false);
      assert.equal(await isHarmless('git status'), true);
    } finally {
      await rm(programs, { recursive: true, force: true });
    }
  });
});
