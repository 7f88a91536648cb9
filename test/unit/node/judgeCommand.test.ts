import { strict as assert } from 'node:assert';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { CommandJudgment, WorkspacePath } from '../../../src/core/sandbox/sandbox';
import { judgeCommand } from '../../../src/node/commands/judgeCommand';
import { LocalSandbox } from '../../../src/node/localSandbox';
import { PathBox } from '../../../src/node/pathBox';
import { findShell } from '../../../src/node/commands/shell';
import { writeFiles } from '../../support/tempFolder';

const { signal } = new AbortController();

describe('Whether a command may run unasked', () => {
  let outer: string;
  let folder: string;
  beforeEach(async function () {
    if (process.platform === 'win32') this.skip();
    outer = await realpath(await mkdtemp(path.join(tmpdir(), 'countersign-guard-')));
    folder = path.join(outer, 'ws');
    await writeFiles(outer, { 'outside.txt': 'x\n' });
    await writeFiles(folder, {
      'a.txt': 'one\n',
      'sub/b.ts': 'two\n',
      '.env': 'KEY=1\n',
      '.gitignore': '.env\n',
      'package.json': JSON.stringify({ scripts: { test: 'mocha', build: 'tsc' } }),
    });
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'first');
  });
  afterEach(() => rm(outer, { recursive: true, force: true }));

  const git = (...words: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd: folder, encoding: 'utf8' });
  const judge = (command: string, shell = findShell()): Promise<CommandJudgment> =>
    judgeCommand(
      { command, cwd: folder as WorkspacePath },
      { box: new PathBox({ roots: [{ name: 'ws', path: folder }] }), shell },
      signal,
    );
  const isHarmless = async (command: string): Promise<void> => {
    assert.deepEqual(await judge(command), { kind: 'harmless' }, command);
  };
  const asked = async (command: string, reason: RegExp): Promise<Extract<CommandJudgment, { kind: 'ask' }>> => {
    const judgment = await judge(command);
    assert.ok(judgment.kind === 'ask', `${command} is ${judgment.kind}`);
    assert.match(judgment.reasons.join('\n'), reason, command);
    return judgment;
  };

  it('everyday reading does', async () => {
    for (const command of [
      ...[
        'git status',
        'ls -la',
        'cat a.txt',
        'rg one',
        'git diff',
        'git log --oneline -3',
        'git log -p',
        'wc -l a.txt',
      ],
      ...[
        'head a.txt',
        'pwd',
        'node --version',
        'cd sub && cat b.ts && git status',
        'cat a.txt | grep one 2>/dev/null',
      ],
      ...[
        'git show HEAD:a.txt',
        'git show HEAD',
        'git blame a.txt',
        'git stash list',
        'find . -name "*.ts"',
        'cat ./sub/b.ts',
      ],
      ...[`git show ${git('rev-parse', 'HEAD').trim()}`, 'git -C sub status -sb', 'ls nothing', 'sort <a.txt'],
    ])
      await isHarmless(command);
  });

  it('what leads out, to secrets or to devices is asked, with its reason', async () => {
    symlinkSync('../outside.txt', path.join(folder, 'out'));
    symlinkSync('.env', path.join(folder, 'env.txt'));
    execFileSync('mkfifo', [path.join(folder, 'pipe')]);
    for (const [command, reason] of [
      ['cat .env', /passwords and keys/],
      ['cat env.txt', /passwords and keys/],
      ['cat <.env', /passwords and keys/],
      ['grep KEY .env', /passwords and keys/],
      ['sed -n 1,5p .env', /passwords and keys/],
      ['sed -n 1,5p a.txt -i', /whatever it is told/],
      ['sed -n 1,5w a.txt', /whatever it is told/],
      ['sed -n 1,5p\\;e a.txt', /./],
      ['git show HEAD:.env', /passwords and keys/],
      ['cat ../outside.txt', /outside of the workspace/],
      ['cat /etc/passwd', /outside of the workspace/],
      ['ls ..', /outside of the workspace/],
      ['cat out', /outside of the workspace/],
      ['cat sub/../a.txt', /links on the way/],
      ['cat pipe', /neither a file nor a folder/],
      ['cat /dev/zero', /outside of the workspace/],
      ['cat .git/config', /Logins/],
      ['diff sub sub', /all files in it/],
      ['cd .. && ls', /leaves the folder/],
      ['git -C .. log', /outside of the workspace/],
    ] as const)
      await asked(command, reason);
  });

  it('ripgrep is asked where it would read a key, and only there', async () => {
    writeFileSync(path.join(folder, 'server.pem'), 'key\n');
    await asked('rg x', /server\.pem/);
    await isHarmless('rg x sub');
    writeFileSync(path.join(folder, '.gitignore'), '.env\n*.pem\n');
    await isHarmless('rg x');
    writeFileSync(path.join(folder, '.ignore'), '!.env\n');
    await asked('rg x', /\.env/);
  });

  it('git is asked where the repository itself names programs', async () => {
    for (const [key, value] of [
      ['diff.external', 'evil'],
      ['diff.x.textconv', 'evil'],
      ['filter.x.clean', 'evil'],
      ['core.fsmonitor', 'evil'],
      ['include.path', '../x'],
      ['gpg.program', 'evil'],
      ['core.worktree', '/'],
      ['remote.o.url', 'https://u:p@example.org/x'],
    ] as const) {
      git('config', key, value);
      const { runsWorkspaceCode } = await asked('git status', /settings|login/);
      assert.equal(runsWorkspaceCode, true);
      git('config', '--unset', key);
    }
    await isHarmless('git status');
  });

  it('folders that pretend to be repositories are asked', async () => {
    execFileSync('git', ['init', '-q', '--bare', path.join(folder, 'bare')]);
    await asked('cd bare && git log', /without files/);
    await mkdir(path.join(folder, 'linked'));
    await mkdir(path.join(outer, 'elsewhere'));
    execFileSync('git', [
      'init',
      '-q',
      '--separate-git-dir',
      path.join(outer, 'elsewhere/git'),
      path.join(folder, 'linked'),
    ]);
    await asked('cd linked && git status', /another folder/);
    git('worktree', 'add', '-q', path.join(folder, 'tree'));
    await isHarmless('cd tree && git status');
  });

  it('hooks, pagers and the environment run nothing in a command that is harmless', async () => {
    const evil = path.join(folder, 'evil.sh');
    writeFileSync(evil, `#!/bin/sh\ntouch ${path.join(folder, 'PWNED')}\n`, { mode: 0o755 });
    for (const [key, value] of [
      ['core.hooksPath', folder],
      ['core.pager', evil],
      ['core.sshCommand', evil],
    ] as const)
      git('config', key, value);
    writeFileSync(path.join(folder, 'post-index-change'), `#!/bin/sh\ntouch ${path.join(folder, 'PWNED')}\n`, {
      mode: 0o755,
    });
    await isHarmless('git status');
    const env = {
      BASH_ENV: evil,
      GIT_EXTERNAL_DIFF: evil,
      PATH: `${folder}:.:${process.env['PATH'] ?? ''}`,
      'BASH_FUNC_git%%': `() { ${evil}; }`,
    };
    writeFileSync(path.join(folder, 'git'), `#!/bin/sh\ntouch ${path.join(folder, 'PWNED')}\n`, { mode: 0o755 });
    writeFileSync(path.join(folder, 'a.txt'), 'changed\n');
    const sandbox = new LocalSandbox({ roots: [{ name: 'ws', path: folder }], env });
    try {
      const request = {
        command: 'git status; git diff',
        cwd: folder as WorkspacePath,
        timeoutMs: 20_000,
        onOutput: () => undefined,
        outside: true,
      };
      const result = await sandbox.commands.run({ ...request, harmless: true }, signal);
      assert.match(result.output, /changed/);
      assert.equal(existsSync(path.join(folder, 'PWNED')), false);
      await sandbox.commands.run(request, signal);
      assert.equal(existsSync(path.join(folder, 'PWNED')), true, 'without it, it would have been run');
    } finally {
      await sandbox.dispose();
    }
  });

  it('rules name each command that is not harmless by its exact words', async () => {
    const texts = async (command: string): Promise<readonly string[]> => {
      const judgment = await judge(command);
      return judgment.kind === 'ask'
        ? judgment.rules.map(({ kind, text, cwd }) => `${kind} ${cwd} ${text}`)
        : ['harmless'];
    };
    assert.deepEqual(await texts("make 'a b' | tail -3"), ["command . make 'a b'"]);
    assert.deepEqual(await texts('cd sub && make x && rm y'), ['command sub make x', 'command sub rm y']);
    // Harmless in its own way only: in this line it runs with everything that the environment says.
    assert.deepEqual(await texts('make && git status'), ['command . make', 'command . git status']);
    assert.deepEqual(await texts('echo / | xargs rm'), ['line . echo / | xargs rm']);
    assert.deepEqual(await texts('make > log'), ['line . make > log']);
    assert.deepEqual(await texts('export PATH=x; ls'), ['line . export PATH=x; ls']);
    assert.deepEqual(await texts('make $(x)'), ['line . make $(x)']);
    for (const folly of [
      'ls\u200b x',
      'echo x > .git/config',
      'npm install',
      'curl x | sh',
      'sudo make',
      'npm test $(x)',
      'echo x >../y',
    ])
      assert.deepEqual(await texts(folly), [], folly);
  });

  it('a package script asks again when it changed', async () => {
    const boundOf = async (): Promise<string> => {
      const { rules, runsWorkspaceCode } = await asked(
        'npm test 2>&1 | tail -5',
        /script `test` of package\.json.*mocha/,
      );
      assert.equal(runsWorkspaceCode, true);
      assert.equal(rules[0]?.boundTo, 'the scripts of package.json');
      return rules[0].bound ?? '';
    };
    const before = await boundOf();
    assert.equal(await boundOf(), before);
    writeFileSync(path.join(folder, '.npmrc'), 'script-shell=./evil\n');
    assert.notEqual(await boundOf(), before);
    await rm(path.join(folder, '.npmrc'));
    writeFileSync(
      path.join(folder, 'package.json'),
      JSON.stringify({ scripts: { pretest: 'x', test: 'mocha', build: 'tsc' } }),
    );
    assert.notEqual(await boundOf(), before);
  });

  it('only what is known to change files alone does not run code of the workspace', async () => {
    for (const [command, runs] of [
      ['mkdir x', false],
      ['cat .env', false],
      ['make', true],
      ['./x', true],
      ['git commit -m x', true],
      ['node a.js', true],
      ['mkdir x && make', true],
    ] as const)
      assert.equal((await asked(command, /./)).runsWorkspaceCode, runs, command);
  });

  it('PowerShell always asks, and nothing of it is remembered', async () => {
    const shell = { name: 'PowerShell', file: 'powershell', argumentsFor: () => [] } as const;
    const judgment = await judge('pwd', shell);
    assert.ok(judgment.kind === 'ask');
    assert.deepEqual(judgment.rules, []);
  });

  it('leaves no process behind', async () => {
    const before = spawnSync('ps', ['--ppid', String(process.pid), '-o', 'pid='], { encoding: 'utf8' })
      .stdout.trim()
      .split('\n').length;
    await judge('git status && git show HEAD && rg x');
    const after = spawnSync('ps', ['--ppid', String(process.pid), '-o', 'pid='], { encoding: 'utf8' })
      .stdout.trim()
      .split('\n').length;
    assert.equal(after, before);
  });
});
