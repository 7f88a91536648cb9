import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { PermissionMode } from '../../src/core/protocol/modes';
import { historyOf, testAgent } from '../support/agents';
import { makeVictim, snapshotOf, type Victim } from '../support/attackVictim';

/** Command lines that coding agents send all day. None of them may ask: who is asked too much reads no question. */
const everyday = [
  'git status',
  'ls',
  'cat README.md',
  'rg answer src',
  'git diff',
  'git log',
  'wc -l notes.txt',
  'head -n 2 notes.txt',
  'pwd',
  'node --version',
];

/** Others like them. */
const usual = [
  'git status --short',
  'git log --oneline -5',
  'git diff --stat',
  'git diff HEAD',
  'git branch',
  'git rev-parse HEAD',
  'ls -la src',
  'cat package.json src/app.js',
  'rg -n "answer" src',
  'grep -n answer src/app.js',
  'tail -n 2 notes.txt',
  'wc README.md',
  'git status && git diff',
  'ls | wc -l',
  'git log --oneline | head -3',
  'cat notes.txt | sort | uniq -c',
  'echo hello',
  'find . -name "*.js"',
  'rg answer',
  'git ls-files',
  'grep -rn answer src',
  'grep -rn answer src --include="*.js"',
  'grep -rn answer . --include="*.js" --exclude-dir=node_modules',
  'rg -n answer -g "*.js"',
  'sed -n 1,2p notes.txt',
  "sed -n '2,$p' notes.txt",
  'sed -n 2p notes.txt',
];

describe('everyday commands', function () {
  this.timeout(30_000);
  let folder: string | undefined;
  let victim: Victim;
  before(async function () {
    if (process.platform === 'win32') this.skip();
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'countersign-everyday-')));
    victim = await makeVictim(path.join(folder, 'original'));
  });
  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  /** What the model is told of each command, by a whole agent; undefined where it was asked. */
  async function runUnasked(
    commands: readonly string[],
    mode: PermissionMode,
  ): Promise<readonly (string | undefined)[]> {
    const { workspace } = victim;
    const agent = await testAgent({
      guarded: true,
      workspace: { folder: workspace, file: (name) => path.join(workspace, name), remove: () => Promise.resolve() },
      config: { overrides: { permission: { mode } } },
      script: [...commands.map((cmd) => ({ calls: [{ name: 'bash_run', input: { cmd } }] })), { text: 'Done.' }],
    });
    agent.on('permission_required', (event) => void event.respond?.('deny'));
    try {
      await agent.complete('Go.');
      const ended = (await historyOf(agent)).flatMap((event) =>
        event.type === 'tool:end' || event.type === 'tool:error' ? [event.call] : [],
      );
      return ended.map(({ result, state }) =>
        state === 'COMPLETED' && result?.ok === true ? outputOf(result.data) : undefined,
      );
    } finally {
      await agent[Symbol.asyncDispose]();
    }
  }

  for (const mode of ['approval', 'auto'] as const)
    it(`10 of 10 run unasked in mode ${mode}, with the output that bash gives`, async () => {
      const told = await runUnasked(everyday, mode);
      assert.deepEqual(
        everyday.map((command, index) => ({ command, output: told[index] })),
        everyday.map((command) => ({ command, output: bashSays(command, victim.workspace) })),
      );
    });

  it('others like them run unasked too', async () => {
    const told = await runUnasked(usual, 'approval');
    assert.deepEqual(
      usual.filter((_, index) => told[index] === undefined),
      [],
    );
    assert.equal(told[usual.indexOf('ls | wc -l')], bashSays('ls | wc -l', victim.workspace));
  });

  it('they leave no trace', async () => {
    execFileSync('git', ['status'], { cwd: victim.workspace });
    const before = snapshotOf(victim.folder);
    await runUnasked(everyday, 'approval');
    assert.deepEqual(snapshotOf(victim.folder), before);
  });
});

function bashSays(command: string, cwd: string): string {
  return execFileSync('bash', ['-c', command], { cwd, encoding: 'utf8', env: { ...process.env, PAGER: 'cat' } });
}

function outputOf(data: unknown): string | undefined {
  return typeof data === 'object' && data !== null && 'output' in data && typeof data.output === 'string'
    ? data.output
    : undefined;
}
