import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import * as path from 'node:path';
import type { WorkspacePath } from '../../src/core/sandbox/sandbox';
import { LocalSandbox } from '../../src/node/localSandbox';
import { lackOfSandbox, useContainedWorkspace } from '../support/containedSandbox';
import { neverAborted } from '../support/refusal';

const lack = lackOfSandbox();
const title = 'The sandbox of the operating system';

describe(lack === undefined ? title : `${title} (not tested: ${lack})`, function () {
  this.timeout(20_000);
  const workspace = useContainedWorkspace();

  it('is proven by a canary, once, and says what it holds', async () => {
    const all = await Promise.all([1, 2, 3].map(() => workspace.sandbox.commands.containment()));
    assert.deepEqual(new Set(all.map(({ level }) => level)), new Set(['os']));
    assert.equal(all[0]?.network, 'It can reach no host.');
    const start = performance.now();
    await workspace.sandbox.commands.containment();
    assert.ok(performance.now() - start < 5);
    workspace.allowed = ['example.org'];
    assert.equal((await workspace.sandbox.commands.containment()).network, 'It can reach only example.org.');
    assert.deepEqual(readdirSync(workspace.path), []);
  });

  it('lets a command write in the workspace and in its own temporary folder', async () => {
    const { code, output } = await workspace.run(
      'echo one > a.txt && cat a.txt && echo two > "$TMPDIR/b" && cat "$TMPDIR/b"',
    );
    assert.deepEqual({ code, output }, { code: 0, output: 'one\ntwo\n' });
    assert.equal(readFileSync(path.join(workspace.path, 'a.txt'), 'utf8'), 'one\n');
  });

  it('refuses a write outside of the workspace and tells so', async () => {
    const beside = `${workspace.path}-beside`;
    mkdirSync(beside);
    try {
      const targets = [
        path.join(beside, 'x'),
        path.join(homedir(), '.contained-x'),
        '/tmp/contained-x',
        '/etc/contained-x',
      ];
      const { code, refused } = await workspace.run(`${targets.map((file) => `echo x > ${file}`).join('; ')}; false`);
      assert.equal(code, 1);
      assert.deepEqual(
        targets.filter((file) => existsSync(file)),
        [],
      );
      assert.ok(
        refused?.includes(`It tried to change ${beside}/x, which the sandbox does not allow.`),
        String(refused),
      );
    } finally {
      rmSync(beside, { recursive: true });
    }
  });

  it('keeps protected files as they are, there or not, and leaves no stand-ins', async () => {
    workspace.initRepository();
    mkdirSync(path.join(workspace.path, 'deep/.vscode'), { recursive: true });
    writeFileSync(path.join(workspace.path, 'deep/.vscode/tasks.json'), '{}');
    const config = readFileSync(path.join(workspace.path, '.git/config'), 'utf8');
    await workspace.run(`
      echo '[core] fsmonitor = evil' >> .git/config; git config core.fsmonitor evil
      echo evil > .git/hooks/pre-commit; mv .git/hooks .git/hooks2; mv .git .git2
      mkdir -p .vscode; echo evil > .vscode/tasks.json; echo evil > .npmrc; echo evil > .envrc
      echo evil > deep/.vscode/tasks.json; mv deep deep2; rm -rf deep/.vscode; ln -sf /etc/passwd .npmrc; true`);
    assert.equal(readFileSync(path.join(workspace.path, '.git/config'), 'utf8'), config);
    assert.equal(existsSync(path.join(workspace.path, '.git/hooks/pre-commit')), false);
    assert.equal(readFileSync(path.join(workspace.path, 'deep/.vscode/tasks.json'), 'utf8'), '{}');
    assert.deepEqual(readdirSync(workspace.path).sort(), ['.git', 'deep']);
  });

  it('takes away what would send git to other settings, and says so', async () => {
    workspace.initRepository();
    const { refused } = await workspace.run('mkdir evil && echo ../evil > .git/commondir');
    assert.equal(existsSync(path.join(workspace.path, '.git/commondir')), false);
    assert.match(String(refused), /commondir, which sends git to other settings: it was removed/);
  });

  it('lets git add everything and commit, without secrets and stand-ins', async () => {
    workspace.initRepository();
    writeFileSync(path.join(workspace.path, '.env'), 'KEY=1');
    writeFileSync(path.join(workspace.path, 'a.txt'), 'a');
    const { code, output } = await workspace.run(
      'git add -A && git commit -qm first && git status --short && git log --format=%s',
    );
    assert.deepEqual({ code, output }, { code: 0, output: 'first\n' });
    assert.equal(workspace.git('ls-files'), 'a.txt\n');
  });

  it('lets git commit in a linked working tree', async () => {
    const [main, linked] = [`${workspace.path}-main`, `${workspace.path}-linked`];
    mkdirSync(main);
    const inLinked = new LocalSandbox({ workDir: linked, containment: workspace.containment });
    try {
      const inMain = (...args: readonly string[]): string => execFileSync('git', args, { cwd: main, encoding: 'utf8' });
      inMain('init', '-q');
      inMain('-c', 'user.name=Ada', '-c', 'user.email=a@b.c', 'commit', '-q', '--allow-empty', '-m', 'first');
      inMain('worktree', 'add', '-q', '-f', linked);
      const { code, output } = await inLinked.commands.run(
        {
          cwd: linked as WorkspacePath,
          timeoutMs: 10_000,
          onOutput: () => undefined,
          command: `echo a > a.txt && git add -A && git -c user.name=Ada -c user.email=a@b.c commit -qm second; git log --format=%s; echo x >> ${main}/.git/config; echo x > ${main}/y`,
        },
        neverAborted,
      );
      assert.equal(code, 1, output);
      assert.match(output, /^second\nfirst\n/);
      assert.ok(!readFileSync(path.join(main, '.git/config'), 'utf8').includes('x\n'));
      assert.deepEqual(readdirSync(main), ['.git']);
    } finally {
      await inLinked.dispose();
      for (const folder of [main, linked]) rmSync(folder, { recursive: true });
    }
  });

  it('does not let a command read secrets', async () => {
    writeFileSync(path.join(workspace.path, '.env'), 'KEY=swordfish');
    writeFileSync(path.join(workspace.path, '.env.example'), 'KEY=');
    mkdirSync(path.join(workspace.path, 'config'));
    writeFileSync(path.join(workspace.path, 'config/server.key'), 'swordfish');
    const { output } = await workspace.run(
      'cat .env config/server.key; cp .env copy; cat copy; cat .env.example; ls ~/.ssh',
    );
    assert.ok(!output.includes('swordfish'), output);
    assert.match(output, /KEY=/);
  });

  it('hides what the host keeps for itself', async () => {
    writeFileSync(path.join(workspace.store, 'sessions.db'), 'swordfish');
    const { output } = await workspace.run(`cat ${workspace.store}/sessions.db; ls ${workspace.store}`);
    assert.ok(!output.includes('swordfish') && !output.includes('sessions.db\n'), output);
  });

  it('lets a program make namespaces of its own for nothing', async () => {
    const { output } = await workspace.run('unshare -Ur id; mount -t tmpfs none /mnt; umount /; true');
    assert.ok(!output.includes('uid='), output);
  });
});

describe(
  lack === undefined ? `${title} after a command` : `${title} after a command (not tested: ${lack})`,
  function () {
    this.timeout(20_000);
    const workspace = useContainedWorkspace();
    const at = (name: string): string => path.join(workspace.path, name);
    /** What makes git execute something, when the settings hold `touch` of that file. */
    const plainStatus = (folder: string): void => {
      execFileSync('git', ['status', '--short'], { cwd: at(folder), stdio: 'ignore' });
    };
    const evil = (name: string): string => `"touch ${at(name)}; false"`;

    it('takes what makes git run programs out of repositories that the command made', async () => {
      const { refused } = await workspace.run(`
      git init -q . && git config core.fsmonitor ${evil('ran-a')} && git config user.name Ada
      git init -q evil && git -C evil config core.fsmonitor ${evil('ran-b')} && echo '#!/bin/sh' > evil/.git/hooks/post-checkout
      git init -q apart && mv apart/.git apart/real && echo 'gitdir: real' > apart/.git && git -C apart config core.fsmonitor ${evil('ran-c')}
      git init -q --bare bare && git -C bare config core.bare false && git -C bare config core.worktree .. && git -C bare config core.fsmonitor ${evil('ran-d')}
      git init -q other && mkdir far && mv other/.git far/.hidden && ln -s ../far/.hidden other/.git && git -C other config core.fsmonitor ${evil('ran-e')}
      git init -q sent && mkdir sentTo && cp -r sent/.git/. sentTo && git config -f sentTo/config core.fsmonitor ${evil('ran-f')} && echo ../../sentTo > sent/.git/commondir`);
      for (const folder of ['.', 'evil', 'apart', 'bare', 'other', 'sent']) plainStatus(folder);
      assert.deepEqual(
        readdirSync(workspace.path).filter((name) => name.startsWith('ran-')),
        [],
      );
      assert.equal(existsSync(at('evil/.git/hooks/post-checkout')), false);
      assert.equal(workspace.git('config', 'user.name'), 'Ada\n');
      assert.match(readFileSync(at('.git/config.countersign-held'), 'utf8'), /ran-a/);
      assert.match(String(refused), /core\.fsmonitor.*evil\/\.git\/config/);
      assert.match(String(refused), /post-checkout, which git would execute/);
    });

    it('leaves a plain new repository as it is and says nothing', async () => {
      const { code, refused } = await workspace.run(
        'git init -q new && cd new && git config user.name Ada && git config user.email a@b.c && git commit -q --allow-empty -m first && git clone -q . ../clone',
      );
      assert.deepEqual({ code, refused }, { code: 0, refused: undefined });
      assert.equal(existsSync(at('new/.git/config.countersign-held')), false);
    });

    it('keeps the settings of a submodule', async () => {
      const source = `${workspace.path}-source`;
      try {
        execFileSync('git', ['init', '-q', source]);
        const author = ['-c', 'user.name=Ada', '-c', 'user.email=a@b.c'];
        execFileSync('git', [...author, 'commit', '-q', '--allow-empty', '-m', 'first'], { cwd: source });
        workspace.initRepository();
        workspace.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', source, 'libs/sub');
        const config = at('.git/modules/libs/sub/config');
        const before = readFileSync(config, 'utf8');
        const { code, refused } = await workspace.run(
          `git -C libs/sub config core.fsmonitor ${evil('ran')}; echo x >> .git/modules/libs/sub/config; mv .git/modules/libs .git/modules/gone; echo x > .git/modules/libs/sub/hooks/post-checkout; false`,
        );
        assert.equal(code, 1);
        assert.equal(readFileSync(config, 'utf8'), before);
        assert.equal(existsSync(at('.git/modules/libs/sub/hooks/post-checkout')), false);
        assert.match(String(refused), /refused|not allow/);
      } finally {
        rmSync(source, { recursive: true, force: true });
      }
    });

    it('tells new files that other programs obey, and leaves them', async () => {
      const { refused } = await workspace.run(
        'echo evil > AGENTS.md; mkdir -p .github/workflows packages/a/.vscode; echo on > .github/workflows/ci.yml; echo {} > packages/a/.vscode/tasks.json; echo a > packages/a/.npmrc; echo {} > a.code-workspace; echo b > b.txt',
      );
      const told = String(refused);
      for (const name of ['AGENTS.md', '.github', 'packages/a/.vscode', 'packages/a/.npmrc', 'a.code-workspace'])
        assert.ok(told.includes(name), `${name}: ${told}`);
      assert.ok(!told.includes('b.txt'));
      assert.equal(readFileSync(at('AGENTS.md'), 'utf8'), 'evil\n');
      assert.equal((await workspace.run('echo again > AGENTS.md; true')).refused?.length, 1);
    });

    it('hides a secret that appeared since the last command', async () => {
      await workspace.run('mkdir -p a/b');
      writeFileSync(at('a/b/.env'), 'KEY=swordfish');
      assert.ok(!(await workspace.run('cat a/b/.env')).output.includes('swordfish'));
      mkdirSync(at('1/2/3/4/5/6/7/8/9/10'), { recursive: true });
      writeFileSync(at('1/2/3/4/5/6/7/8/9/10/.env'), 'KEY=swordfish');
      assert.ok(!(await workspace.run('cat 1/2/3/4/5/6/7/8/9/10/.env')).output.includes('swordfish'));
    });

    it('tells a change that was refused although the command did not fail', async () => {
      workspace.initRepository();
      writeFileSync(at('AGENTS.md'), 'one');
      workspace.git('add', '-A');
      workspace.git('commit', '-qm', 'first');
      workspace.git('checkout', '-qb', 'other');
      writeFileSync(at('AGENTS.md'), 'two');
      workspace.git('commit', '-qam', 'second');
      const { refused } = await workspace.run('git checkout -q -; true');
      assert.match(String(refused), /incomplete|does not allow/);
    });
  },
);
