import { strict as assert } from 'node:assert';
import type { CommandResult, WorkspacePath } from '../../src/core/sandbox/sandbox';
import { LocalSandbox } from '../../src/node/localSandbox';
import { useTempFolder } from '../support/tempFolder';

describe('attack: command output', function () {
  this.timeout(30_000);
  const temp = useTempFolder();

  async function run(command: string, timeoutMs = 10_000): Promise<CommandResult & { readonly live: string }> {
    const sandbox = new LocalSandbox({ workDir: temp.path });
    let live = '';
    try {
      const cwd = temp.path as WorkspacePath;
      const onOutput = (text: string): void => void (live += text);
      const result = await sandbox.commands.run({ command, cwd, timeoutMs, onOutput }, new AbortController().signal);
      return { ...result, live };
    } finally {
      await sandbox.dispose();
    }
  }

  it('keeps head and tail of endless output, leaves the host time to work and ends it in time', async () => {
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 20);
    const start = performance.now();
    const { endedBy, output, live } = await run('yes "an endless line"', 1_000);
    clearInterval(timer);
    assert.equal(endedBy, 'timeout');
    assert.ok(performance.now() - start < 3_500, 'ended in time');
    assert.ok(ticks > 20, `the host worked meanwhile: ${ticks} ticks`);
    assert.ok(output.length < 70_000, `${output.length} characters`);
    assert.match(output, /^an endless line\n/);
    assert.match(output, /\[… [\d,]+ characters left out …\]/);
    assert.ok(live.length < 600_000, 'live output is bounded');
  });

  it('bounds one endless line', async () => {
    const { output } = await run('head -c 30000000 /dev/zero | tr "\\0" x');
    assert.ok(output.length < 70_000);
    assert.match(output, /left out/);
    assert.match(output, /^x{32768}\n\[/);
  });

  it('bounds one endless progress bar and keeps its last state', async () => {
    const { output } = await run('for i in $(seq 1 20000); do printf "\\r%d%%" $i; done; echo');
    assert.equal(output, '20000%\n');
  });

  it('removes escape sequences, also when they come in halves', async () => {
    const { output, live } = await run(
      `printf 'a\\033[3'; sleep 0.15; printf '1mred\\033[0m \\033]8;;http://evil/\\007link\\033]8;;\\007 \\033]0;title\\007b\\033[2J\\033Psecret\\033\\\\\\n'`,
    );
    assert.equal(output, 'ared link b\n');
    assert.ok(!live.includes('\u001b'), JSON.stringify(live));
  });

  it('removes control characters that would hide or overwrite text', async () => {
    const { output } = await run(`printf 'rm -rf /\\b\\b\\b\\b\\bls\\a\\000\\n'`);
    assert.equal(output, 'rm -rf /ls\n');
  });

  it('heals characters that arrive in pieces', async () => {
    const { output } = await run(
      `printf '\\360\\237'; sleep 0.1; printf '\\230\\200 \\303'; sleep 0.1; printf '\\274\\n'`,
    );
    assert.equal(output, '😀 ü\n');
  });

  it('does not mix the lines of the two streams', async () => {
    const { output } = await run(`printf 'out1'; printf 'err1' >&2; sleep 0.1; printf 'out2\\n'; printf 'err2\\n' >&2`);
    assert.deepEqual(output.trim().split('\n').sort(), ['err1err2', 'out1out2']);
  });

  it('never cuts a character in half', async () => {
    const { output } = await run(`for i in $(seq 1 30000); do printf '😀😀x'; done`);
    assert.match(output, /left out/);
    assert.ok(!/\p{Cs}/u.test(output));
  });
});
