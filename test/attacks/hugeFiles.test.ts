import { strict as assert } from 'node:assert';
import { truncate, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { builtinTools } from '../../src/core/tools/tools';
import { LocalSandbox } from '../../src/node/localSandbox';
import { testAgent, historyOf } from '../support/agents';
import { useTempFolder } from '../support/tempFolder';
import { buildChildProgram } from '../support/childProgram';
import { spawnSync } from 'node:child_process';

const sparseBytes = 4 * 1024 ** 3;

describe('attack: huge files and endless output', function () {
  this.timeout(30_000);
  const temp = useTempFolder();

  it('a file of 4 GB is refused or read in part, by every tool that takes a path, within seconds and little memory', async () => {
    await writeFile(path.join(temp.path, 'small.txt'), 'needle\n');
    await writeFile(path.join(temp.path, 'huge.txt'), 'needle\n');
    await truncate(path.join(temp.path, 'huge.txt'), sparseBytes);
    const calls = [
      { name: 'fs_read', input: { path: 'huge.txt' } },
      { name: 'fs_read', input: { path: 'huge.txt', offset: 2, limit: 10 } },
      { name: 'fs_grep', input: { pattern: 'needle' } },
      { name: 'fs_grep', input: { pattern: 'needle', path: 'huge.txt' } },
      { name: 'fs_edit', input: { path: 'huge.txt', old_string: 'needle', new_string: 'x' } },
      { name: 'fs_write', input: { path: 'huge.txt', content: 'x' } },
    ];
    const workspace = {
      folder: temp.path,
      file: (name: string) => path.join(temp.path, name),
      remove: () => Promise.resolve(),
    };
    const agent = await testAgent({
      workspace,
      guarded: true,
      tools: builtinTools,
      config: { overrides: { permission: { mode: 'approval' } } },
      script: [...calls.map((call) => ({ calls: [call] })), { text: 'Done.' }],
    });
    agent.on('permission_required', (event) => void event.respond?.('deny'));
    const before = process.memoryUsage().rss;
    const start = performance.now();
    try {
      assert.equal((await agent.complete('Go.')).status, 'ok');
      const told = JSON.stringify(await historyOf(agent));
      assert.ok(told.length < 3_000_000, `${told.length} characters`);
      assert.ok(told.includes('small.txt'), 'the small file was found beside the huge one');
    } finally {
      await agent[Symbol.asyncDispose]();
    }
    assert.ok(performance.now() - start < 20_000, `${Math.round(performance.now() - start)} ms`);
    const grownMb = (process.memoryUsage().rss - before) / 1024 ** 2;
    assert.ok(grownMb < 300, `memory grew by ${Math.round(grownMb)} MB`);
  });

  it('500 MB of output grow the memory of a process by less than 100 MB', async function () {
    if (process.platform === 'win32') this.skip();
    const program = await buildChildProgram('test/support/loudCommand.ts');
    try {
      const { stdout, stderr, status } = spawnSync(process.execPath, [program.file, temp.path], { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
      const { grownMb, outputLength, endedBy } = JSON.parse(stdout) as Record<string, number | string>;
      assert.equal(endedBy, 'exit');
      assert.ok(Number(outputLength) < 70_000, `${outputLength} characters are kept`);
      assert.ok(Number(grownMb) < 100, `memory grew by ${grownMb} MB`);
    } finally {
      program.remove();
    }
  });

  it('what a model asks to be kept of endless output in the background is bounded too', async function () {
    if (process.platform === 'win32') this.skip();
    const sandbox = new LocalSandbox({ workDir: temp.path, unguarded: true });
    try {
      const cwd = (await sandbox.files.resolve('.', new AbortController().signal)).path;
      const { id } = await sandbox.commands.start(
        {
          command: 'yes "$(head -c 1000 /dev/zero | tr \\\\0 x)"',
          cwd,
          onOutput: () => undefined,
        },
        new AbortController().signal,
      );
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.ok((sandbox.commands.logs(id)?.output.length ?? 0) <= 66_000);
      const ended = await sandbox.commands.kill(id);
      assert.equal(ended?.status, 'exited');
    } finally {
      await sandbox.dispose();
    }
  });
});
