import { LocalSandbox } from '../../src/node/localSandbox';

/** Runs a command that prints 500 MB in the folder of its first argument, and prints how its own memory grew, in MB. */
async function main(folder: string): Promise<void> {
  const sandbox = new LocalSandbox({ workDir: folder, unguarded: true });
  const { signal } = new AbortController();
  const cwd = (await sandbox.files.resolve('.', signal)).path;
  const run = (command: string) =>
    sandbox.commands.run({ command, cwd, timeoutMs: 60_000, outside: true, onOutput: () => undefined }, signal);
  await run('echo warm');
  const before = process.memoryUsage().rss;
  let largest = before;
  const watch = setInterval(() => (largest = Math.max(largest, process.memoryUsage().rss)), 10);
  const { output, endedBy } = await run(
    'yes "a line of sixty-four characters, like those that compilers print" | head -c 500000000',
  );
  clearInterval(watch);
  const grownMb = Math.round((Math.max(largest, process.memoryUsage().rss) - before) / 1024 ** 2);
  console.log(JSON.stringify({ grownMb, outputLength: output.length, endedBy }));
  await sandbox.dispose();
}

void main(process.argv[2] ?? '.');
