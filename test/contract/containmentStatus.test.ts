import { strict as assert } from 'node:assert';
import { chmodSync, existsSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import * as path from 'node:path';
import type { Containment } from '../../src/core/protocol/toolCalls';
import type { WorkspacePath } from '../../src/core/sandbox/sandbox';
import type { ContainmentOptions } from '../../src/node/commands/containment/commandContainment';
import { hasProgramOn, lackOf } from '../../src/node/commands/containment/systemSupport';
import { LocalSandbox } from '../../src/node/localSandbox';
import type { ChildProgram } from '../support/childProgram';
import { buildSandboxRuntime, lackOfSandbox } from '../support/containedSandbox';
import { neverAborted } from '../support/refusal';
import { useTempFolder } from '../support/tempFolder';

describe('What is said of the sandbox for commands', () => {
  const everything = { platform: 'linux', nodeVersion: '24.1.0', hasProgram: () => true } as const;

  it('needs Node 22.12 and says which this is', () => {
    const reason = (nodeVersion: string): string | undefined => lackOf({ ...everything, nodeVersion })?.reason;
    assert.equal(reason('20.19.0'), 'The sandbox needs Node 22.12, this is 20.19.0.');
    assert.equal(reason('22.11.9'), 'The sandbox needs Node 22.12, this is 22.11.9.');
    assert.deepEqual(['22.12.0', '23.0.0', '24.1.0'].map(reason), [undefined, undefined, undefined]);
  });

  it('says what to install, with the installer that is there', () => {
    const without = (...missing: readonly string[]) =>
      lackOf({ ...everything, hasProgram: (name) => !missing.includes(name) });
    assert.deepEqual(without('bwrap', 'socat'), {
      reason: 'bwrap and socat are not installed.',
      fix: 'Install bubblewrap and socat: sudo apt-get install bubblewrap socat',
    });
    assert.deepEqual(without('socat', 'apt-get'), {
      reason: 'socat is not installed.',
      fix: 'Install socat: sudo dnf install socat',
    });
  });

  it('has none on Windows and says so', () => {
    assert.equal(lackOf({ ...everything, platform: 'win32' })?.reason, 'Windows has no sandbox for commands.');
    assert.equal(lackOf({ ...everything, platform: 'darwin' }), undefined);
  });

  it('takes only what can be executed for a program', () => {
    assert.equal(hasProgramOn('/bin:/usr/bin')('sh'), true);
    assert.equal(hasProgramOn('/etc')('passwd'), false);
    assert.equal(hasProgramOn('.:bin')('sh'), false);
  });
});

const lack = lackOfSandbox();
const title = 'The sandbox for commands when it is tried';

describe(lack === undefined ? title : `${title} (not tested: ${lack})`, function () {
  this.timeout(20_000);
  const temp = useTempFolder();
  let program: ChildProgram;
  let options: ContainmentOptions;
  before(async function () {
    if (lack !== undefined) this.skip();
    ({ program, options } = await buildSandboxRuntime());
  });
  after(() => lack ?? program.remove());

  /** The programs of this machine, but for those that are given here as scripts, or left out. */
  const withPrograms = (scripts: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv => {
    for (const folder of ['/usr/local/bin', '/usr/bin', '/bin'])
      for (const name of readdirSync(folder))
        if (!(name in scripts) && !existsSync(path.join(temp.path, name)))
          symlinkSync(path.join(folder, name), path.join(temp.path, name));
    for (const [name, script] of Object.entries(scripts)) {
      if (script === undefined) continue;
      writeFileSync(path.join(temp.path, name), script);
      chmodSync(path.join(temp.path, name), 0o755);
    }
    return { ...process.env, PATH: temp.path };
  };
  const tryOut = async (changed: ContainmentOptions): Promise<Containment> => {
    const workDir = path.join(temp.path, 'ws');
    await temp.write({ 'ws/a.txt': 'a' });
    const sandbox = new LocalSandbox({ workDir, containment: { ...options, ...changed } });
    try {
      const containment = await sandbox.commands.containment();
      const request = { cwd: workDir as WorkspacePath, timeoutMs: 5_000, onOutput: () => undefined };
      // What cannot be held is run all the same: then each command is asked.
      const { output } = await sandbox.commands.run({ ...request, command: 'cat a.txt' }, neverAborted);
      assert.equal(output, 'a\n');
      assert.deepEqual(readdirSync(workDir), ['a.txt']);
      return containment;
    } finally {
      await sandbox.dispose();
      const left = [temp.path, homedir(), tmpdir()].flatMap((folder) => readdirSync(folder));
      assert.deepEqual(
        left.filter((name) => name.startsWith('.countersign-canary')),
        [],
      );
    }
  };

  it('is none without bubblewrap, with the line that installs it', async () => {
    const { level, reason, fix } = await tryOut({ env: withPrograms({ bwrap: undefined }) });
    assert.deepEqual({ level, reason }, { level: 'none', reason: 'bwrap is not installed.' });
    assert.match(fix, /^Install bubblewrap: sudo apt-get install bubblewrap$/);
  });

  it('is none on a Node that is too old, which is this one', async () => {
    const { level, reason } = await tryOut({ node: { file: process.execPath, version: '20.20.2' } });
    assert.deepEqual({ level, reason }, { level: 'none', reason: 'The sandbox needs Node 22.12, this is 20.20.2.' });
  });

  it('is none when bubblewrap holds nothing, whatever it says of itself', async () => {
    const fake = '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n';
    const { level, reason, files, network } = await tryOut({ env: withPrograms({ bwrap: fake }) });
    assert.deepEqual({ level, reason }, { level: 'none', reason: 'The sandbox was tried and does not hold.' });
    assert.equal(files, 'It can change every file that you can change.');
    assert.equal(network, 'It can reach every host.');
  });

  it('is none when bubblewrap may make no namespaces, with its own words', async () => {
    const refusing = '#!/bin/sh\necho "bwrap: setting up uid map: Permission denied" >&2\nexit 1\n';
    const { level, reason, fix } = await tryOut({ env: withPrograms({ bwrap: refusing }) });
    assert.equal(level, 'none');
    assert.match(reason, /setting up uid map/);
    assert.notEqual(fix, '');
  });

  it('is none when bubblewrap runs nothing and calls that a success', async () => {
    const { level } = await tryOut({ env: withPrograms({ bwrap: '#!/bin/sh\nexit 0\n' }) });
    assert.equal(level, 'none');
  });

  it('is partial when commands can talk through Unix sockets, and says so', async () => {
    await temp.write({ 'apply-seccomp': '#!/bin/sh\nexec "$@"\n' });
    chmodSync(path.join(temp.path, 'apply-seccomp'), 0o755);
    const { level, reason } = await tryOut({ seccomp: path.join(temp.path, 'apply-seccomp') });
    assert.equal(level, 'partial');
    assert.match(reason, /Unix sockets/);
  });

  it('is none when its own program is missing or broken', async () => {
    assert.equal((await tryOut({ program: path.join(temp.path, 'missing.mjs') })).level, 'none');
  });
});
