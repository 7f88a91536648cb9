import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkspacePath } from '../../src/core/sandbox/sandbox';
import { findMarked } from '../../src/node/commands/processTree';
import { LocalSandbox } from '../../src/node/localSandbox';
import { lackOfSandbox, useContainedWorkspace } from '../support/containedSandbox';
import { neverAborted } from '../support/refusal';

const lack = lackOfSandbox();
const title = 'A command in the sandbox of the operating system';

describe(lack === undefined ? title : `${title} (not tested: ${lack})`, function () {
  this.timeout(20_000);
  const workspace = useContainedWorkspace();

  it('runs outside of it when that is asked', async () => {
    const beside = `${workspace.path}-outside`;
    const { code, refused } = await workspace.run(`echo x > ${beside}`, { outside: true });
    assert.deepEqual({ code, refused, there: existsSync(beside) }, { code: 0, refused: undefined, there: true });
    rmSync(beside);
  });

  describe('on the network', () => {
    let server: Server;
    let visits: readonly string[];
    let port: number;
    beforeEach(async () => {
      visits = [];
      server = createServer((request, response) => {
        visits = [...visits, request.url ?? ''];
        response.end('hello');
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      port = typeof address === 'object' && address !== null ? address.port : 0;
    });
    afterEach(() => server.close());

    it('reaches no host, this machine among them, and tells which', async () => {
      const { output, refused } = await workspace.run(
        `curl -sS -m 5 http://127.0.0.1:${port}/direct; curl -sS -m 5 --noproxy '' http://127.0.0.1:${port}/proxy; curl -sS -m 5 http://example.org/; (echo > /dev/tcp/127.0.0.1/${port}) 2>&1; getent hosts example.org`,
      );
      assert.ok(!output.includes('hello'), output);
      assert.deepEqual(visits, []);
      assert.deepEqual(refused, [
        'It tried to reach 127.0.0.1, which is not allowed.',
        'It tried to reach example.org, which is not allowed.',
      ]);
    });

    it('reaches a host as soon as it is allowed, and no other', async () => {
      workspace.allowed = ['localhost'];
      const { output, refused } = await workspace.run(
        `curl -sS -m 5 --noproxy '' http://localhost:${port}/one; curl -sS -m 5 --noproxy '' http://127.0.0.1:${port}/two; true`,
      );
      assert.match(output, /^hello/);
      assert.deepEqual(visits, ['/one']);
      assert.deepEqual(refused, ['It tried to reach 127.0.0.1, which is not allowed.']);
      workspace.allowed = ['no host', ''];
      await workspace.run(`curl -sS -m 5 --noproxy '' http://localhost:${port}/three; true`);
      assert.deepEqual(visits, ['/one']);
    });
  });

  it('does not let a command talk to programs of this machine through Unix sockets', async () => {
    const { output } = await workspace.run(
      `node -e "require('net').connect('/var/run/docker.sock').on('error', (e) => console.log(e.code))"`,
    );
    assert.match(output, /EPERM/);
  });

  it('runs several commands at once, each with its own refusals', async () => {
    workspace.initRepository();
    const [first, second] = await Promise.all([
      workspace.run('sleep 0.3; echo x > .npmrc; curl -sS -m 5 http://one.example/; false'),
      workspace.run('curl -sS -m 5 http://two.example/; true'),
    ]);
    assert.ok(first.refused?.includes('It tried to reach one.example, which is not allowed.'), String(first.refused));
    assert.deepEqual(second.refused, ['It tried to reach two.example, which is not allowed.']);
    assert.deepEqual(readdirSync(workspace.path), ['.git']);
  });

  it('tells which stand-ins are there while a command runs', async () => {
    assert.deepEqual(workspace.sandbox.standIns(), []);
    const running = workspace.run('echo ready > ready; sleep 0.4');
    while (!existsSync(path.join(workspace.path, 'ready'))) await sleep(20);
    const named = workspace.sandbox
      .standIns()
      .map((file) => path.basename(file))
      .sort();
    assert.deepEqual(
      named,
      readdirSync(workspace.path)
        .filter((name) => name !== 'ready')
        .sort(),
    );
    assert.ok(named.includes('.npmrc'));
    await running;
    assert.deepEqual(workspace.sandbox.standIns(), []);
    assert.deepEqual(readdirSync(workspace.path), ['ready']);
  });

  it('lets a command clean up when it is told to stop', async () => {
    const stop = new AbortController();
    const running = workspace.run(
      `trap 'echo cleaned > done; exit' INT; echo ready > ready; while true; do sleep 0.05; done`,
      {
        signal: stop.signal,
      },
    );
    while (!existsSync(path.join(workspace.path, 'ready'))) await sleep(20);
    stop.abort();
    assert.equal((await running).endedBy, 'abort');
    assert.equal(readFileSync(path.join(workspace.path, 'done'), 'utf8'), 'cleaned\n');
  });

  it('ends within 2 s what ignores the polite signals and what has left its group', async () => {
    const nap = `sleep 7391.${process.pid}`;
    const stop = new AbortController();
    const running = workspace.run(`trap '' INT TERM; setsid ${nap} & echo ready > ready; while true; do ${nap}; done`, {
      signal: stop.signal,
    });
    while (!existsSync(path.join(workspace.path, 'ready'))) await sleep(20);
    const start = performance.now();
    stop.abort();
    assert.equal((await running).endedBy, 'abort');
    assert.ok(performance.now() - start < 2_000);
    assert.ok(!execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).includes(`\n${nap}`));
  });

  it('ends after the time-out', async () => {
    const { endedBy, output } = await workspace.run('echo started; sleep 60', { timeoutMs: 400 });
    assert.deepEqual({ endedBy, output }, { endedBy: 'timeout', output: 'started\n' });
  });

  it('gives the end of input to a command that reads', async () => {
    assert.equal((await workspace.run('cat; read answer; echo "got $?"')).output, 'got 1\n');
  });

  it('holds background commands and ends them, too', async () => {
    const request = { cwd: workspace.path as WorkspacePath, onOutput: () => undefined };
    const { id } = await workspace.sandbox.commands.start(
      {
        ...request,
        command: 'echo ready; echo x > /etc/contained-y; sleep 60',
      },
      neverAborted,
    );
    let output = '';
    while (!output.includes('Read-only')) {
      output += workspace.sandbox.commands.logs(id)?.output ?? '';
      await sleep(20);
    }
    assert.match(output, /ready/);
    assert.equal((await workspace.sandbox.commands.kill(id))?.status, 'exited');
  });

  it('tells exit codes and signals as they are', async () => {
    assert.equal((await workspace.run('exit 7')).code, 7);
    assert.equal(
      (await workspace.run(`node -e "process.exit(require('child_process').spawnSync('true').status + 3)"`)).code,
      3,
    );
  });

  it('goes on when its own process was killed, and leaves no process and no file behind', async () => {
    workspace.initRepository();
    const folders = (): readonly string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('csgn-'));
    const before = new Set(folders());
    const other = new LocalSandbox({ workDir: workspace.path, containment: workspace.containment });
    const request = { cwd: workspace.path as WorkspacePath, onOutput: () => undefined };
    await other.commands.start({ ...request, command: 'sleep 7392' }, neverAborted);
    const own = folders().find((name) => !before.has(name)) ?? 'none';
    const ours = async (): Promise<readonly number[]> =>
      (await findMarked('')).filter((id) => readFileSync(`/proc/${id}/environ`, 'utf8').includes(own));
    for (const id of await ours())
      if (readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('sandboxRuntime-')) process.kill(id, 'SIGKILL');
    const { output } = await other.commands.run(
      { ...request, timeoutMs: 10_000, command: 'echo y > y; cat y; echo x > .npmrc' },
      neverAborted,
    );
    assert.match(output, /^y\n/);
    assert.ok((await ours()).length > 0);
    await other.dispose();
    assert.deepEqual(await ours(), []);
    assert.deepEqual(readdirSync(workspace.path).sort(), ['.git', 'y']);
    assert.equal(folders().includes(own), false);
  });
});
