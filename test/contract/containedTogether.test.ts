import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandResult, WorkspacePath } from '../../src/core/sandbox/sandbox';
import { ContainmentPool } from '../../src/node/commands/containment/containmentPool';
import { findMarked } from '../../src/node/commands/processTree';
import { LocalSandbox } from '../../src/node/localSandbox';
import { lackOfSandbox, useContainedWorkspace } from '../support/containedSandbox';
import { neverAborted, refusalOf } from '../support/refusal';

const lack = lackOfSandbox();
const title = 'Several agents in one workspace';

describe(lack === undefined ? title : `${title} (not tested: ${lack})`, function () {
  this.timeout(30_000);
  const workspace = useContainedWorkspace();
  const open: LocalSandbox[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((sandbox) => sandbox.dispose()));
  });

  const openOther = (pool?: ContainmentPool, idleMs?: number): LocalSandbox => {
    const containment = { ...workspace.containment, ...(idleMs !== undefined && { idleMs }) };
    const sandbox = new LocalSandbox({ workDir: workspace.path, containment, ...(pool && { pool }) });
    open.push(sandbox);
    return sandbox;
  };
  const run = (sandbox: LocalSandbox, command: string, signal = neverAborted): Promise<CommandResult> =>
    sandbox.commands.run(
      { command, cwd: workspace.path as WorkspacePath, timeoutMs: 15_000, onOutput: () => undefined },
      signal,
    );
  /** The sandbox's own processes that run in this test's folders. */
  const helpers = async (): Promise<readonly number[]> =>
    (await findMarked('')).filter(
      (id) =>
        textOf(`/proc/${id}/cmdline`).includes('sandboxRuntime-') &&
        textOf(`/proc/${id}/environ`).includes(`csgn-${process.pid}-`),
    );
  const signalHelpers = async (signal: NodeJS.Signals): Promise<void> => {
    for (const id of await helpers()) process.kill(id, signal);
  };
  const evil = 'echo evil > .npmrc; mkdir -p .vscode; echo evil > .vscode/tasks.json; true';
  const isThere = (name: string): boolean => existsSync(path.join(workspace.path, name));
  const until = async (name: string): Promise<void> => {
    while (!isThere(name)) await sleep(20);
  };

  for (const [name, pools] of [
    ['share one sandbox', () => [undefined, undefined]],
    ['have sandboxes of their own, as in two windows', () => [new ContainmentPool(), new ContainmentPool()]],
  ] as const)
    it(`do not open each other's protected files by ending, where they ${name}`, async () => {
      const [one, other] = pools().map((pool) => openOther(pool));
      assert.ok(one && other);
      await Promise.all([run(one, 'true'), run(other, 'true')]);
      const first = run(one, 'echo x > first; sleep 0.5');
      await until('first');
      const second = run(other, `echo x > second; while [ ! -e go ]; do sleep 0.02; done; ${evil}`);
      await until('second');
      await first;
      await one.dispose();
      writeFileSync(path.join(workspace.path, 'go'), '');
      await second;
      assert.deepEqual(readdirSync(workspace.path).sort(), ['first', 'go', 'second']);
    });

  it('have one process of the sandbox, which ends with the last of them or when it idles', async () => {
    const pool = new ContainmentPool();
    const before = (await helpers()).length;
    const [one, other] = [openOther(pool, 200), openOther(pool, 200)];
    await Promise.all([run(one, 'true'), run(other, 'sleep 0.3')]);
    assert.equal((await helpers()).length, before + 1);
    await sleep(700);
    assert.equal((await helpers()).length, before);
    assert.equal((await run(one, 'echo again')).output, 'again\n');
    await one.dispose();
    assert.equal((await run(other, 'echo still')).output, 'still\n');
    await other.dispose();
    assert.equal((await helpers()).length, before);
  });

  it('stay held when the sandbox’s own process is killed and another command ends', async () => {
    const running = workspace.run(`echo x > one; while [ ! -e go ]; do sleep 0.02; done; ${evil}`);
    await until('one');
    await signalHelpers('SIGKILL');
    await workspace.run('true');
    writeFileSync(path.join(workspace.path, 'go'), '');
    await running;
    assert.deepEqual(readdirSync(workspace.path).sort(), ['go', 'one']);
  });

  it('run their commands when the sandbox’s own process dies at any moment', async () => {
    for (let round = 0; round < 8; round += 1) {
      const running = workspace.run('echo fine');
      await sleep(round * 4);
      await signalHelpers('SIGKILL');
      const { code, output } = await running;
      // The observer of refusals may have died under it, and says so.
      assert.deepEqual([code, output.endsWith('fine\n')], [0, true], `round ${round}: ${output}`);
    }
  });

  describe('when the sandbox’s own process hangs', () => {
    beforeEach(async () => {
      await workspace.run('true');
      await signalHelpers('SIGSTOP');
    });
    afterEach(() => signalHelpers('SIGKILL'));

    it('can stop a command that is being made ready', async () => {
      const start = performance.now();
      const { endedBy } = await workspace.run('echo x > ran', { signal: AbortSignal.timeout(300) });
      assert.equal(endedBy, 'abort');
      assert.ok(performance.now() - start < 2_000);
      assert.equal(isThere('ran'), false);
    });

    it('start nothing in the background after Stop', async () => {
      const request = { command: 'echo x > ran', cwd: workspace.path as WorkspacePath, onOutput: () => undefined };
      const started = workspace.sandbox.commands.start(request, AbortSignal.timeout(300));
      await assert.rejects(started, { name: 'TimeoutError' });
      await signalHelpers('SIGCONT');
      await sleep(500);
      assert.equal(isThere('ran'), false);
    });
  });

  it('can stop a command that runs while the sandbox’s own process hangs', async () => {
    const stop = new AbortController();
    const running = workspace.run('echo x > ready; sleep 60', { signal: stop.signal });
    await until('ready');
    await signalHelpers('SIGSTOP');
    const start = performance.now();
    stop.abort();
    assert.equal((await running).endedBy, 'abort');
    assert.ok(performance.now() - start < 2_000);
    await signalHelpers('SIGKILL');
  });

  it('leave alone what the user makes between commands and after them', async () => {
    const sandbox = openOther();
    await run(sandbox, 'true');
    mkdirSync(path.join(workspace.path, '.vscode'));
    writeFileSync(path.join(workspace.path, '.npmrc'), '');
    await run(sandbox, 'true');
    await sandbox.dispose();
    assert.deepEqual(readdirSync(workspace.path).sort(), ['.npmrc', '.vscode']);
  });

  it('run long commands, however many quotes are in them, and do not hand the text on', async () => {
    const long = `'"'"`.repeat(24_000);
    const command = `cat > long.txt <<'END'\n${long}\nEND\nwc -c < long.txt; env | grep -c COUNTERSIGN_COMMAND=`;
    const { output } = await workspace.run(command);
    assert.equal(output, `${long.length + 1}\n0\n`);
  });

  it('are told to write a script where a command is too long for the system', async () => {
    const { advice } = await refusalOf('invalid_arguments', workspace.run(`echo ${'ä'.repeat(99_000)}`));
    assert.match(advice ?? '', /fs_write/);
  });

  it('sweep away the folders of processes that are gone, and no others', async () => {
    const gone = Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }));
    const [dead, alive] = [gone, process.ppid].map((id) => path.join(tmpdir(), `csgn-${id}-test`));
    assert.ok(dead !== undefined && alive !== undefined);
    for (const folder of [dead, alive]) mkdirSync(path.join(folder, 'tmp/cache'), { recursive: true });
    await run(openOther(new ContainmentPool()), 'true');
    await sleep(100);
    assert.deepEqual([existsSync(dead), existsSync(alive)], [false, true]);
    execFileSync('rm', ['-r', alive]);
  });
});

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // The process has ended in the meantime.
    return '';
  }
}
