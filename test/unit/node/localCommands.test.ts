import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BackgroundCommand, CommandResult, WorkspacePath } from '../../../src/core/sandbox/sandbox';
import type { LocalCommandsOptions } from '../../../src/node/commands/localCommands';
import { LocalSandbox } from '../../../src/node/localSandbox';
import { neverAborted, refusalOf } from '../../support/refusal';
import { useTempFolder } from '../../support/tempFolder';

describe('LocalCommands', function () {
  this.timeout(20_000);
  const temp = useTempFolder();
  let sandbox: LocalSandbox;
  const open = (options: LocalCommandsOptions = {}): LocalSandbox =>
    (sandbox = new LocalSandbox({ workDir: temp.path, ...options }));
  const run = (command: string, timeoutMs = 10_000, signal = neverAborted): Promise<CommandResult> =>
    sandbox.commands.run({ command, cwd: temp.path as WorkspacePath, timeoutMs, onOutput: () => undefined }, signal);
  /** A command that runs for two hours and can be told from those of other tests and of other runs. */
  const nap = (test: number): string => `sleep 730${test}.${process.pid}`;
  /** Processes whose command line holds this text. */
  const processesWith = (text: string): number =>
    execFileSync('ps', ['-eo', 'stat=,args='], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(text) && !line.startsWith('Z')).length;

  beforeEach(() => open());
  afterEach(() => sandbox.dispose());

  it('returns exit code and both streams', async () => {
    const { code, endedBy, output } = await run('echo out; echo err >&2; exit 3');
    assert.deepEqual({ code, endedBy }, { code: 3, endedBy: 'exit' });
    assert.deepEqual(output.split('\n').sort(), ['', 'err', 'out']);
  });

  it('runs in the given folder', async () => {
    assert.equal((await run('pwd')).output, `${temp.path}\n`);
  });

  it('passes the command to the shell as it is', async () => {
    const { output } = await run(`printf '%s|' "a  b" '$HOME' "$((1+1))" \\\n 'last'`);
    assert.equal(output, 'a  b|$HOME|2|last|\n');
  });

  it('has no input: what asks gets the end of file at once', async () => {
    const { code, durationMs } = await run('read answer');
    assert.equal(code, 1);
    assert.ok(durationMs < 2_000);
  });

  it('says when a signal from outside ended it', async () => {
    const { code, endedBy } = await run('kill -KILL $$');
    assert.deepEqual({ code, endedBy }, { code: undefined, endedBy: 'signal' });
  });

  it('shows output while it runs, incomplete lines too', async () => {
    const seen: string[] = [];
    const onOutput = (text: string): void => void seen.push(text);
    const request = { command: 'printf "working..."; sleep 0.6; echo done', cwd: temp.path as WorkspacePath };
    await sandbox.commands.run({ ...request, timeoutMs: 5_000, onOutput }, neverAborted);
    assert.equal(seen[0], 'working...');
    assert.equal(seen.join(''), 'working...done\n');
  });

  it('ends a command and its children after the time-out', async () => {
    const { endedBy, durationMs, output } = await run(`echo started; (${nap(1)} & ${nap(1)}); echo never`, 300);
    assert.equal(endedBy, 'timeout');
    assert.equal(output, 'started\n');
    assert.ok(durationMs < 2_300, `${durationMs} ms`);
    assert.equal(processesWith(nap(1)), 0);
  });

  it('ends within 2 s what ignores the polite signals', async () => {
    const stop = new AbortController();
    const running = run(`trap '' INT TERM; echo ready; while true; do ${nap(2)}; done`, 60_000, stop.signal);
    await sleep(300);
    const start = performance.now();
    stop.abort();
    const { endedBy } = await running;
    assert.equal(endedBy, 'abort');
    assert.ok(performance.now() - start < 2_000, `${performance.now() - start} ms`);
    assert.equal(processesWith(nap(2)), 0);
  });

  it('lets a command clean up when it is told to stop', async () => {
    const stop = new AbortController();
    const running = run(
      `trap 'echo cleaned up; exit 5' INT; sleep 0.2 & wait; while true; do sleep 0.05; done`,
      60_000,
      stop.signal,
    );
    await sleep(400);
    stop.abort();
    const { output, endedBy } = await running;
    assert.equal(endedBy, 'abort');
    assert.match(output, /cleaned up/);
  });

  it('does not start when it is aborted before', async () => {
    const { endedBy } = await run(`touch ${path.join(temp.path, 'ran')}`, 1_000, AbortSignal.abort());
    assert.equal(endedBy, 'abort');
    assert.equal(existsSync(path.join(temp.path, 'ran')), false);
  });

  it('finds what left its process group when it is stopped', async function () {
    if (process.platform !== 'linux') this.skip();
    const stop = new AbortController();
    const running = run(`setsid ${nap(3)} & setsid -f ${nap(3)}; ${nap(3)}`, 60_000, stop.signal);
    await sleep(400);
    assert.ok(processesWith(nap(3)) >= 3);
    stop.abort();
    await running;
    assert.equal(processesWith(nap(3)), 0);
  });

  it('is not held up by what a command leaves running, and ends it', async () => {
    const { code, durationMs, output } = await run(`${nap(4)} & echo done`);
    assert.equal(code, 0);
    assert.ok(durationMs < 2_500, `${durationMs} ms`);
    assert.equal(output, 'done\n[what the command left running was ended]\n');
    assert.equal(processesWith(nap(4)), 0);
  });

  it('ends what escaped when the sandbox is closed', async function () {
    if (process.platform !== 'linux') this.skip();
    await run(`setsid -f ${nap(5)} > /dev/null 2>&1`);
    assert.equal(processesWith(nap(5)), 1);
    await sandbox.dispose();
    await sleep(50);
    assert.equal(processesWith(nap(5)), 0);
    await refusalOf('command_unavailable', run('echo late'));
  });

  it('says which shell could not be started', async () => {
    const shell = { name: 'bash', file: '/no/such/bash', argumentsFor: (command: string) => ['-c', command] } as const;
    open({ shell });
    const error = await refusalOf('command_unavailable', run('echo'));
    assert.match(error.message, /\/no\/such\/bash/);
  });

  it('refuses a command that is too long for the system', async () => {
    await refusalOf('invalid_arguments', run(`echo ${'ü'.repeat(100_000)}`));
  });

  it('keeps secrets and the host out of the environment', async () => {
    const secrets = {
      MY_API_KEY: 's1',
      GH_TOKEN: 's2',
      DB_PASSWORD: 's3',
      VSCODE_IPC_HOOK: 's4',
      COUNTERSIGN_X: 's5',
      GIT_ASKPASS: 's6',
      PLAIN: 'p',
    };
    Object.assign(process.env, secrets);
    try {
      const { output } = await run('env');
      for (const value of ['s1', 's2', 's3', 's4', 's5', 's6']) assert.ok(!output.includes(`=${value}\n`), value);
      assert.match(output, /^PLAIN=p$/m);
      for (const line of ['TERM=dumb', 'PAGER=cat', 'GIT_PAGER=cat', 'GIT_TERMINAL_PROMPT=0', 'CI=1', 'NO_COLOR=1'])
        assert.ok(output.split('\n').includes(line), line);
    } finally {
      for (const name of Object.keys(secrets)) Reflect.deleteProperty(process.env, name);
    }
  });

  it('adds the variables it was given, secrets among them', async () => {
    open({ env: { PATH: `/tools:${process.env['PATH'] ?? ''}`, WANTED_TOKEN: 'given', CI: undefined } });
    const { output } = await run('echo "$PATH"; echo "$WANTED_TOKEN"; echo "[${CI-unset}]"');
    assert.match(output, /^\/tools:.*\ngiven\n\[unset\]\n$/);
  });

  describe('in the background', () => {
    const start = (command: string): Promise<BackgroundCommand> =>
      sandbox.commands.start({ command, cwd: temp.path as WorkspacePath, onOutput: () => undefined }, neverAborted);
    async function until<T>(look: () => T | undefined): Promise<T> {
      for (const startMs = performance.now(); performance.now() - startMs < 5_000;) {
        const found = look();
        if (found !== undefined) return found;
        await sleep(20);
      }
      return assert.fail('it did not happen within 5 s');
    }

    it('runs on, and tells what is new since the last look', async () => {
      const { id, status } = await start(
        'echo one; touch first; while [ ! -e go ]; do sleep 0.02; done; echo two; touch second',
      );
      assert.equal(status, 'running');
      const looks: string[] = [];
      for (const file of ['first', 'second']) {
        await until(() => existsSync(path.join(temp.path, file)) || undefined);
        await sleep(100);
        looks.push(sandbox.commands.logs(id)?.output ?? '', sandbox.commands.logs(id)?.output ?? '');
        await temp.write({ go: '' });
      }
      assert.deepEqual(looks, ['one\n', '', 'two\n', '']);
    });

    it('tells its exit code when it has ended', async () => {
      const { id } = await start('echo bye; exit 4');
      const ended = await until(() => {
        const look = sandbox.commands.logs(id);
        return look?.status === 'exited' ? look : undefined;
      });
      assert.equal(ended.code, 4);
    });

    it('is ended with its children by kill, which tells the rest of its output', async () => {
      const { id } = await start(`trap "" INT; echo up; ${nap(6)} & ${nap(6)}`);
      await until(() => (processesWith(nap(6)) >= 2 ? true : undefined));
      const killed = await sandbox.commands.kill(id);
      assert.equal(killed?.status, 'exited');
      assert.equal(killed.output, 'up\n');
      assert.equal(processesWith(nap(6)), 0);
    });

    it('is ended when the sandbox is closed', async () => {
      await start(`${nap(7)} & ${nap(7)}`);
      await until(() => (processesWith(nap(7)) >= 2 ? true : undefined));
      await sandbox.dispose();
      assert.equal(processesWith(nap(7)), 0);
    });

    it('keeps the last 64 K characters between looks', async () => {
      const { id } = await start('for i in $(seq 1 40000); do echo "line $i"; done; touch written');
      await until(() => existsSync(path.join(temp.path, 'written')) || undefined);
      await sleep(300);
      const { output } = sandbox.commands.logs(id) ?? assert.fail();
      assert.match(output, /^\[… [\d,]+ characters left out …\]\n/);
      assert.ok(output.endsWith('line 40000\n'));
      assert.ok(output.length < 66_000);
    });

    it('knows only its own ids', async () => {
      assert.equal(sandbox.commands.logs('sh-99'), undefined);
      assert.equal(await sandbox.commands.kill('sh-99'), undefined);
    });

    it('is limited to 20 at once', async () => {
      await Promise.all(Array.from({ length: 20 }, () => start(nap(8))));
      await assert.rejects(start(nap(8)), /20 commands run/);
    });
  });

  it('does not touch the environment of the host', () => {
    assert.equal(readFileSync('/proc/self/environ', 'utf8').includes('COUNTERSIGN_COMMAND_MARK'), false);
  });
});
