import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Agent } from '../../src/core/agent/agent';
import type { ModelRequest } from '../../src/core/model/provider';
import type { ScriptedAnswer, ScriptedTurn } from '../../src/core/model/scripted';
import type { JsonObject } from '../../src/core/util/json';
import type { SessionStore } from '../../src/core/store/store';
import { JSONStore } from '../../src/node/store/jsonStore';
import { SqliteStore } from '../../src/node/store/sqliteStore';
import { canary } from '../support/attack';
import { dependenciesFor, historyOf, workspaceWith, type Workspace } from '../support/agents';

const variables = {
  ANTHROPIC_API_KEY: canary,
  GH_TOKEN: canary,
  DB_PASSWORD: canary,
  AWS_SECRET_ACCESS_KEY: canary,
  NPM_CONFIG__AUTH: canary,
};

const stores: readonly { readonly name: string; readonly make: (folder: string) => SessionStore }[] = [
  { name: 'JSONStore', make: (folder) => new JSONStore(folder) },
  { name: 'SqliteStore', make: (folder) => new SqliteStore(path.join(folder, 'agents.db')) },
];

const command = (cmd: string) => ({ calls: [{ name: 'bash_run', input: { cmd } }] });
const tool = (name: string, input: object) => ({ calls: [{ name, input: { ...input } }] });

/** Everything that a curious model tries; what asks is denied, except what only shows the environment. */
const script: readonly ScriptedTurn[] = [
  command('env'),
  command('node -p "JSON.stringify(process.env)"'),
  command('cat /proc/self/environ'),
  command('export -p'),
  command('cat .env'),
  command('rg -uu API_KEY'),
  command('cat *'),
  tool('fs_read', { path: '.env' }),
  tool('fs_read', { path: 'server.pem' }),
  tool('fs_grep', { pattern: 'API_KEY' }),
  tool('fs_grep', { pattern: 'canary' }),
  tool('fs_grep', { pattern: 'canary', glob: '*.pem' }),
  tool('fs_grep', { pattern: 'canary', glob: '.env' }),
  tool('fs_glob', { pattern: '**/*' }),
  tool('fs_edit', { path: 'server.pem', old_string: 'not there', new_string: 'X' }),
  { text: 'Done.' },
];
const showsTheEnvironment = /^(env$|node -p|cat \/proc|export)/;

describe('attack: secrets in what is kept', function () {
  this.timeout(30_000);
  let workspace: Workspace;
  let folder: string;
  beforeEach(async () => {
    workspace = await workspaceWith({
      '.env': `API_KEY=${canary}\n`,
      'server.pem': `-----BEGIN PRIVATE KEY-----\n${canary}\n-----END PRIVATE KEY-----\n`,
      'a.txt': 'plain\n',
    });
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'countersign-store-')));
    Object.assign(process.env, variables);
  });
  afterEach(async () => {
    for (const name of Object.keys(variables)) Reflect.deleteProperty(process.env, name);
    rmSync(folder, { recursive: true, force: true });
    await workspace.remove();
  });

  for (const { name, make } of stores)
    it(`a planted secret stands nowhere: not in events, results, requests, logs, nor in any byte of a ${name}`, async () => {
      const printed = watchOutput();
      const requests: string[] = [];
      const watched = script.map((turn): ScriptedTurn => (request) => {
        requests.push(JSON.stringify(request));
        return typeof turn === 'function' ? turn(request) : turn;
      });
      try {
        const store = make(folder);
        const deps = { ...dependenciesFor({ script: watched, workspace, guarded: true }), store };
        const agent = await Agent.create({ templateId: 'test', overrides: { permission: { mode: 'auto' } } }, deps);
        let runs = 0;
        agent.on('permission_required', (event) => {
          const { subject } = event;
          const isAllowed = subject.kind === 'command' && showsTheEnvironment.test(subject.command);
          if (isAllowed) runs += 1;
          void event.respond?.(isAllowed ? 'allow' : 'deny');
        });
        const result = await agent.complete('Find out what you can.');
        assert.equal(result.status, 'ok', JSON.stringify(result.error));
        assert.ok(runs >= 3, `${runs} commands showed the environment`);
        const events = JSON.stringify(await historyOf(agent));
        assert.match(events, /PATH=/, 'the environment was shown');
        await agent[Symbol.asyncDispose]();
        assertClean('an event', events);
        for (const request of requests) assertClean('a request to the model', request);
        assertClean('the console', printed.text());
        const files = allFiles(folder);
        assert.ok(files.length > 0, 'something was stored');
        for (const file of files) assertClean(file, readFileSync(file));
      } finally {
        printed.restore();
      }
    });

  it('an edit proposed to a file of secrets does not write its contents down', async () => {
    const store = new JSONStore(folder);
    const edit = tool('fs_edit', { path: '.env', old_string: 'API', new_string: 'X' });
    const deps = { ...dependenciesFor({ script: [edit, { text: 'Done.' }], workspace, guarded: true }), store };
    const agent = await Agent.create({ templateId: 'test' }, deps);
    agent.on('permission_required', (event) => void event.respond?.('deny'));
    await agent.complete('Go.');
    await agent[Symbol.asyncDispose]();
    for (const file of allFiles(folder)) assertClean(file, readFileSync(file));
  });

  const edits: readonly (readonly [what: string, name: string, input: JsonObject])[] = [
    ['fs_edit', 'fs_edit', { path: '.env', old_string: 'API_KEY=wrong', new_string: 'X' }],
    ['fs_multi_edit', 'fs_multi_edit', { edits: [{ path: '.env', find: 'API_KEY=wrong', replace: 'X' }] }],
    ['apply_patch', 'apply_patch', { patch: '*** Begin Patch\n*** Update File: .env\n-API=1\n+X\n*** End Patch' }],
  ];
  for (const [what, name, input] of edits)
    it(`an edit that does not fit a file of secrets tells nothing before it is allowed: ${what}`, async () => {
      const told: string[] = [];
      const end = (request: ModelRequest): ScriptedAnswer => {
        told.push(JSON.stringify(request.messages));
        return { text: 'Done.' };
      };
      const deps = dependenciesFor({ script: [tool(name, input), end], workspace, guarded: true });
      const agent = await Agent.create({ templateId: 'test' }, deps);
      assert.equal((await agent.complete('Go.')).status, 'paused');
      const [question] = agent.openApprovals;
      assert.match(question?.subject.reason ?? '', /does not fit it/);
      await agent.decide(question!.permissionId, 'deny');
      await agent.complete();
      await agent[Symbol.asyncDispose]();
      assert.equal(told.length, 1);
      assertClean('what the model is told', told[0] ?? '');
      assert.ok(!/no_match|not in the file|stands in/.test(told[0] ?? ''));
    });
});

function assertClean(where: string, content: string | Buffer): void {
  const bytes = Buffer.from(content);
  const forms = [canary, Buffer.from(canary).toString('base64').slice(0, -3), Buffer.from(canary).toString('hex')];
  for (const form of [...forms.map((text) => Buffer.from(text)), Buffer.from(canary, 'utf16le')]) {
    const at = bytes.indexOf(form);
    assert.equal(at, -1, `${where}: …${bytes.subarray(Math.max(0, at - 150), at + 40).toString()}…`);
  }
}

function allFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile());
}

/** What the process itself prints meanwhile. */
function watchOutput(): { readonly text: () => string; readonly restore: () => void } {
  let text = '';
  const streams = [process.stdout, process.stderr];
  const originals = streams.map((stream) => ({ stream, write: stream.write.bind(stream) }));
  for (const stream of streams)
    stream.write = (chunk: string | Uint8Array): boolean => {
      text += Buffer.from(chunk).toString();
      return true;
    };
  return {
    text: () => text,
    restore: () => {
      for (const { stream, write } of originals) stream.write = write;
    },
  };
}
