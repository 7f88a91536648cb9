import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { rename, rm, symlink, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { AgentRules, MemoryRules } from '../../src/core/permission/rules';
import { bashRun } from '../../src/core/tools/bashRun';
import { testAgent, workspaceWith } from '../support/agents';
import { toolBench } from '../support/toolBench';
import { useTempFolder } from '../support/tempFolder';

const manifest = (scripts: Readonly<Record<string, string>>, more: object = {}): string =>
  JSON.stringify({ name: 'x', version: '1.0.0', scripts, ...more });
const scripts = { test: 'npm run unit', unit: 'node test.js' };

interface Change {
  readonly what: string;
  readonly command?: string;
  readonly change: (folder: string) => Promise<unknown>;
}
const write = (what: string, name: string, text: string, command?: string): Change => ({
  what,
  ...(command !== undefined && { command }),
  change: (folder) => writeFile(path.join(folder, name), text),
});

/** What is executed changed after `npm test` was allowed for good. */
const changes: readonly Change[] = [
  write('the script itself', 'package.json', manifest({ ...scripts, test: 'touch PWNED' })),
  write('one blank in it', 'package.json', manifest({ ...scripts, test: 'npm run  unit' })),
  write('what runs before it', 'package.json', manifest({ ...scripts, pretest: 'touch PWNED' })),
  write('what runs after it', 'package.json', manifest({ ...scripts, posttest: 'touch PWNED' })),
  write('a script that it calls', 'package.json', manifest({ ...scripts, unit: 'touch PWNED' })),
  write('what runs before a script that it calls', 'package.json', manifest({ ...scripts, preunit: 'touch PWNED' })),
  write('the shell of scripts', '.npmrc', 'script-shell=./evil.sh\n'),
  write('the options of node in scripts', '.npmrc', 'node-options=--require ./evil.js\n'),
  write('where it is run', '.npmrc', 'prefix=evil\n'),
  write('a package.json that is none any more', 'package.json', '{"scripts":{"test":"touch PWNED"'),
  write(
    'a script said twice',
    'package.json',
    `{"scripts":${JSON.stringify(scripts)},"scripts":{"test":"touch PWNED"}}`,
  ),
  write(
    'a script said twice, with escapes',
    'package.json',
    `{"scripts":{"test":"npm run unit","unit":"node test.js","t\\u0065st":"touch PWNED"}}`,
  ),
  {
    what: 'package.json is gone, that of the folder above counts',
    change: (folder) => rm(path.join(folder, 'package.json')),
  },
  {
    what: 'package.json leads elsewhere',
    change: async (folder) => {
      await writeFile(path.join(folder, 'evil.json'), manifest({ ...scripts, test: 'touch PWNED' }));
      await rm(path.join(folder, 'package.json'));
      await symlink('evil.json', path.join(folder, 'package.json'));
    },
  },
  write('the script, run as run-script', 'package.json', manifest({ ...scripts, unit: 'touch PWNED' }), 'npm run unit'),
  write(
    'the script, run quietly',
    'package.json',
    manifest({ ...scripts, unit: 'touch PWNED' }),
    'npm run --silent unit',
  ),
  write('the script, run by yarn', 'package.json', manifest({ ...scripts, unit: 'touch PWNED' }), 'yarn unit'),
  write('the script, run by pnpm', 'package.json', manifest({ ...scripts, unit: 'touch PWNED' }), 'pnpm run unit'),
  write('the script, run by bun', 'package.json', manifest({ ...scripts, unit: 'touch PWNED' }), 'bun run unit'),
  write('the script, run by node', 'package.json', manifest({ ...scripts, unit: 'touch PWNED' }), 'node --run unit'),
  ...[
    { packageManager: 'yarn@https://evil.example/y.tgz' },
    { config: { 'script-shell': './evil.sh' } },
    { pnpm: { configDependencies: { evil: '1.0.0' } } },
    { devEngines: { packageManager: { name: 'evil' } } },
    { volta: { node: '1.0.0' } },
  ].map((more) =>
    write(`${Object.keys(more).join()} of package.json`, 'package.json', manifest(scripts, more), 'yarn test'),
  ),
  write(
    'the script, run with what is not known',
    'package.json',
    manifest({ test: 'touch PWNED' }),
    'node --run test $X',
  ),
  write('yarn itself', '.yarnrc.yml', 'yarnPath: ./evil.js\n', 'yarn test'),
  write('yarn itself, the old way', '.yarnrc', 'yarn-path "./evil.js"\n', 'yarn test'),
  write('what pnpm loads', '.pnpmfile.cjs', 'touch()\n', 'pnpm test'),
  write('what bun loads', 'bunfig.toml', 'preload = ["./evil.js"]\n', 'bun run unit'),
  {
    what: 'the script of a folder below',
    command: 'cd sub && npm test',
    change: (folder) => writeFile(path.join(folder, 'sub/package.json'), manifest({ ...scripts, test: 'touch PWNED' })),
  },
  {
    what: 'a folder that another one took the place of',
    command: 'cd sub && npm test',
    change: async (folder) => {
      await rename(path.join(folder, 'sub'), path.join(folder, 'old'));
      await symlink('evil', path.join(folder, 'sub'));
    },
  },
];

describe('attack: package scripts that change after they were allowed', function () {
  this.timeout(20_000);
  const temp = useTempFolder();
  let rules: AgentRules;
  beforeEach(async () => {
    rules = new AgentRules(new MemoryRules('session'), new MemoryRules('workspace'));
    await temp.write({
      'package.json': manifest({ test: 'touch PWNED' }),
      'ws/package.json': manifest(scripts),
      'ws/test.js': '',
      'ws/evil.sh': '#!/bin/sh\ntouch PWNED\n',
      'ws/evil.js': '',
      'ws/evil/package.json': manifest({ test: 'touch PWNED' }),
      'ws/sub/package.json': manifest(scripts),
    });
  });

  /** What has to be allowed for it now, as a session that starts now would find it. */
  async function rulesOf(command: string): ReturnType<typeof rulesNow> {
    return rulesNow(path.join(temp.path, 'ws'), command);
  }

  for (const { what, command = 'npm test', change } of changes)
    it(`${command} asks again: ${what}`, async () => {
      const allowed = await rulesOf(command);
      rules.remember(allowed, 'workspace');
      // What cannot be remembered is asked anyway.
      if (allowed.length > 0) assert.ok(rules.allow(await rulesOf(command)), 'unchanged it runs again');
      await change(path.join(temp.path, 'ws'));
      assert.equal(rules.allow(await rulesOf(command)), false);
    });

  it('a new version and another dependency do not ask again', async () => {
    rules.remember(await rulesOf('npm test'), 'workspace');
    const more = { version: '1.0.1', dependencies: { left: '1.0.0' } };
    await writeFile(path.join(temp.path, 'ws/package.json'), manifest(scripts, more));
    assert.ok(rules.allow(await rulesOf('npm test')));
  });

  it('a test that the agent changed unseen asks again, and names the file', async () => {
    const workspace = await workspaceWith({ 'package.json': manifest({ test: 'node test.js' }), 'test.js': '' });
    const test = { calls: [{ name: 'bash_run', input: { cmd: 'node test.js' } }] };
    const agent = await testAgent({
      workspace,
      guarded: true,
      script: [
        test,
        test,
        { calls: [{ name: 'fs_write', input: { path: 'helper.js', content: '1' } }] },
        test,
        { text: 'Done.' },
      ],
    });
    try {
      const [id] = (await agent.complete('Go.')).permissionIds ?? [];
      assert.ok(id !== undefined);
      await agent.decide(id, 'allow', undefined, { remember: 'session' });
      const again = await agent.complete();
      assert.equal(again.status, 'paused');
      assert.ok(existsSync(workspace.file('helper.js')), 'the second run did not ask');
      assert.match(agent.openApprovals[0]?.subject.why?.join(' ') ?? '', /helper\.js/);
      await agent.decide(again.permissionIds?.[0] ?? id, 'deny');
      await agent.complete();
    } finally {
      await agent[Symbol.asyncDispose]();
      await workspace.remove();
    }
  });
});

async function rulesNow(folder: string, command: string) {
  const tools = toolBench({ roots: [{ name: 'ws', path: folder }] });
  try {
    return (await tools.plan(bashRun, { cmd: command })).floor?.rules ?? [];
  } finally {
    await tools.sandbox.dispose();
  }
}
