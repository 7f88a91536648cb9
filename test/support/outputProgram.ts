import { LocalSandbox } from '../../src/node/localSandbox';
import type { WorkspacePath } from '../../src/core/sandbox/sandbox';

/** Runs a command that writes so many megabytes, and prints what it made of it and how much memory this process took at most. */
async function main(): Promise<void> {
  const [folder = '', megabytes = '1'] = process.argv.slice(2);
  const sandbox = new LocalSandbox({ workDir: folder, containment: false });
  let live = 0;
  let peakBytes = 0;
  const timer = setInterval(() => (peakBytes = Math.max(peakBytes, process.memoryUsage().rss)), 20);
  const request = {
    cwd: folder as WorkspacePath,
    command: `head -c ${megabytes}000000 /dev/zero | tr "\\0" x | fold -w 99`,
  };
  const { output, endedBy } = await sandbox.commands.run(
    { ...request, timeoutMs: 120_000, onOutput: (text) => (live += text.length) },
    new AbortController().signal,
  );
  clearInterval(timer);
  await sandbox.dispose();
  console.log(JSON.stringify({ characters: output.length, live, endedBy, peakMegabytes: Math.round(peakBytes / 1e6) }));
}

void main();
