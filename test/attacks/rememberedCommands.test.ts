import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm, symlink } from 'node:fs/promises';
import * as path from 'node:path';
import { MemoryRules, AgentRules } from '../../src/core/permission/rules';
import { decide } from '../../src/core/permission/policy';
import { bashRun } from '../../src/core/tools/bashRun';
import type { JsonObject } from '../../src/core/util/json';
import { testAgent, workspaceWith } from '../support/agents';
import { toolBench, type ToolBench } from '../support/toolBench';
import { useTempFolder } from '../support/tempFolder';

const scripts = { scripts: { test: 'npm run unit', unit: 'node test.js', 'test:evil': 'touch PWNED' } };
const files = {
  'package.json': JSON.stringify(scripts),
  'test.js': '',
  'sub/package.json': JSON.stringify(scripts),
  'sub/test.js': '',
};

/** What a person allowed once, and what may not pass as the same. */
const wideners: readonly { readonly allowed: string; readonly others: readonly string[] }[] = [
  {
    allowed: 'npm test',
    others: [
      'npm test; rm x',
      'npm test;touch PWNED',
      'npm test && touch PWNED',
      'npm test || touch PWNED',
      'npm test & touch PWNED',
      'npm test | sh',
      'npm test\ntouch PWNED',
      'npm test\r\ntouch PWNED',
      'touch PWNED; npm test',
      'npm test --prefix evil',
      'npm --prefix evil test',
      'npm --prefix=evil test',
      'npm test -C sub',
      'npm test -w evil',
      'npm test --script-shell=./evil.sh',
      'npm test --node-options="--require ./evil.js"',
      'npm test -- --watch',
      'npm test x',
      'npm testx',
      'npm t',
      'npm tst',
      'npm run test:evil',
      'npm "test x"',
      'npm test$x',
      'npm test $(touch PWNED)',
      'npm test "$(touch PWNED)"',
      'npm test `touch PWNED`',
      'npm test <(touch PWNED)',
      'npm test {a,b}',
      'npm test *',
      'npm test > PWNED',
      'npm test 2>> .git/hooks/pre-commit',
      'npm test < .env',
      'npm test <<< "$(touch PWNED)"',
      'cd sub && npm test',
      'cd sub; npm  test',
      '(cd sub; npm test)',
      'pushd sub; npm test',
      'FOO=1 npm test',
      'PATH=.:$PATH npm test',
      'NODE_OPTIONS="--require ./evil.js" npm test',
      'export NODE_OPTIONS="--require ./evil.js"; npm test',
      'npm() { touch PWNED; }; npm test',
      'alias npm=touch; npm test',
      'hash -p ./evil.sh npm; npm test',
      'env npm test',
      'env X=1 npm test',
      'sudo npm test',
      './npm test',
      'sub/npm test',
      'xnpm test',
      'NPM test',
      'npm TEST',
      'npm test\u200b',
      'npm\u200b test',
      'npm\u00a0test',
      'npm \u202etest',
      'npm te\u0301st',
      'npm tеst',
      'npm test\u0000',
    ],
  },
  {
    allowed: 'git commit -m x',
    others: [
      'git commit -m x -a',
      'git commit -m x --no-verify',
      'git commit -m x --amend',
      'git commit -m "x; y"',
      'git -c core.hooksPath=evil commit -m x',
      'git commit -m x && git push',
      'git commit -m xx',
      'GIT_EDITOR=./evil.sh git commit -m x',
      'git commit -m $x',
      'git commit -m x --template=.env',
    ],
  },
  {
    allowed: 'node test.js',
    others: [
      'node test.js.evil',
      'node test.jsx',
      'node -r ./evil.js test.js',
      'node ./evil/test.js',
      'node test.js evil',
      'node test.*',
      'node "test.js "',
      'cd sub && node test.js',
    ],
  },
  {
    allowed: 'rm a b',
    others: ['rm "a b"', 'rm a\\ b', "rm 'a' 'b' c", 'rm a', 'rm -r a b', 'rm a b/', 'rm {a,b}*', 'rm a b; rm c'],
  },
  {
    allowed: 'echo "$x" > out.txt',
    others: [
      'echo $x > out.txt',
      "echo '$x' > out.txt",
      'echo "$x" >> out.txt',
      'echo "$x" > .env',
      'echo "$y" > out.txt',
      'x=$(touch PWNED); echo "$x" > out.txt',
    ],
  },
];

describe('attack: a remembered command', function () {
  this.timeout(20_000);
  const temp = useTempFolder();
  let tools: ToolBench;
  beforeEach(async function () {
    if (process.platform === 'win32') this.skip();
    await temp.write(files);
    tools = toolBench({ roots: [{ name: 'ws', path: temp.path }] });
  });
  afterEach(() => tools.sandbox.dispose());

  const rulesAfter = async (allowed: string): Promise<AgentRules> => {
    const rules = new AgentRules(new MemoryRules('session'), new MemoryRules('workspace'));
    rules.remember((await tools.plan(bashRun, { cmd: allowed })).floor?.rules ?? [], 'session');
    return rules;
  };
  /** As the agent decides, in the mode that asks least. Refused is as good as asked. */
  async function verdict(rules: AgentRules, args: JsonObject): Promise<string> {
    try {
      const { effect, floor } = await tools.plan(bashRun, args);
      const remembered = rules.allow(floor?.rules ?? []);
      const question = { toolName: bashRun.name, effect, floor, remembered, unreviewed: [], contained: true };
      return decide({ mode: 'auto' }, question).verdict;
    } catch (error) {
      if (error instanceof Error && 'code' in error) return 'ask';
      throw error;
    }
  }

  for (const { allowed, others } of wideners)
    it(`${allowed} runs again, and none of ${others.length} others with it`, async () => {
      const rules = await rulesAfter(allowed);
      assert.equal(await verdict(rules, { cmd: allowed }), 'allow', 'the same again');
      const through: string[] = [];
      for (const cmd of others) if ((await verdict(rules, { cmd })) === 'allow') through.push(cmd);
      assert.deepEqual(through, []);
    });

  /** What was allowed, what was changed afterwards, and what would then do harm that nobody was shown. */
  const later: readonly {
    readonly allowed: string;
    readonly change: (link: (name: string, target: string) => Promise<void>) => Promise<unknown>;
    readonly harm?: string;
  }[] = [
    { allowed: 'cat a.txt && npm test', change: (link) => link('a.txt', '.env'), harm: 'cat a.txt' },
    { allowed: 'cat a.txt && npm test', change: (link) => link('a.txt', '.env') },
    { allowed: 'cat a.txt && npm test', change: (link) => link('a.txt', '../out.txt'), harm: 'cat a.txt' },
    { allowed: 'git status && npm test', change: (link) => link('a.txt', 'fsmonitor'), harm: 'git status' },
    { allowed: 'make; rg x', change: (link) => link('key.pem', 'a.txt'), harm: 'rg x' },
    { allowed: 'make; rg x', change: (link) => link('key.pem', 'a.txt') },
    { allowed: 'cat .env a.txt', change: (link) => link('a.txt', '.hidden/id_rsa') },
    { allowed: 'cat a.txt .env', change: (link) => link('a.txt', '.hidden/id_rsa') },
    { allowed: 'cat a.txt | make', change: (link) => link('a.txt', '.env') },
    { allowed: 'make < a.txt', change: (link) => link('a.txt', '.env') },
    { allowed: 'echo x > a.txt', change: (link) => link('a.txt', 'test.js') },
    { allowed: 'cd sub && make', change: (link) => link('sub', '..'), harm: 'cd sub && make' },
  ];
  for (const { allowed, change, harm = allowed } of later)
    it(`${allowed}: it asks for what speaks against ${harm} later`, async () => {
      await temp.write({ 'a.txt': 'x', '.env': 'K=1', '.hidden/id_rsa': 'key' });
      execFileSync('git', ['init', '-q'], { cwd: temp.path });
      const rules = await rulesAfter(allowed);
      assert.equal(await verdict(rules, { cmd: allowed }), 'allow', 'the same again');
      await change(async (name, target) => {
        if (target === 'fsmonitor')
          return void execFileSync('git', ['config', 'core.fsmonitor', './evil'], { cwd: temp.path });
        await rm(path.join(temp.path, name), { recursive: true, force: true });
        if (name.endsWith('.pem')) await temp.write({ [name]: 'key' });
        else await symlink(target, path.join(temp.path, name));
      });
      assert.equal(await verdict(rules, { cmd: harm }), 'ask');
    });

  it('runs neither in the background nor without the sandbox', async () => {
    const rules = await rulesAfter('npm test');
    for (const more of [{ background: true }, { outside: true }])
      assert.equal(await verdict(rules, { cmd: 'npm test', ...more }), 'ask');
    assert.equal(await verdict(rules, { cmd: 'ls', outside: true }), 'ask');
    assert.equal(await verdict(rules, { cmd: 'ls', background: true }), 'ask');
  });

  it('is not remembered when it was allowed once, or denied', async () => {
    const workspace = await workspaceWith({ 'go.sh': 'echo x >> made\n' });
    const call = { calls: [{ name: 'bash_run', input: { cmd: 'sh go.sh' } }] };
    const agent = await testAgent({ workspace, guarded: true, script: [call, call, call, { text: 'Done.' }] });
    try {
      for (const decision of ['allow', 'deny', 'deny'] as const) {
        const paused = decision === 'allow' ? await agent.complete('Go.') : await agent.complete();
        assert.equal(paused.status, 'paused');
        const [id] = paused.permissionIds ?? [];
        assert.ok(id !== undefined);
        // A denial that asks to be remembered allows nothing either.
        await agent.decide(id, decision, undefined, decision === 'deny' ? { remember: 'session' } : {});
      }
      assert.equal((await agent.complete()).status, 'ok');
      assert.ok(existsSync(workspace.file('made')));
    } finally {
      await agent[Symbol.asyncDispose]();
      await workspace.remove();
    }
  });
});
