import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { Agent } from '../../src/core/agent/agent';
import type { CompleteResult } from '../../src/core/agent/turnQueue';
import type { Hooks } from '../../src/core/hooks/hooks';
import type { ModelRequest } from '../../src/core/model/provider';
import type { ScriptedTurn } from '../../src/core/model/scripted';
import type { ToolResultContent } from '../../src/core/protocol/messages';
import { brokenPairs } from '../support/pairs';
import { dependenciesFor, historyOf, nextEvent, testAgent, workspaceWith, type Workspace } from '../support/agents';

const never = (): Promise<never> => new Promise(() => undefined);
const boom = (): never => {
  throw new Error('boom');
};

describe('hooks that throw leave no dangling call', () => {
  let workspace: Workspace;
  let agent: Agent | undefined;
  let requests: ModelRequest[] = [];
  beforeEach(async () => {
    workspace = await workspaceWith({ 'a.txt': 'alpha\n' });
    requests = [];
  });
  afterEach(async () => {
    await agent?.[Symbol.asyncDispose]();
    agent = undefined;
    await workspace.remove();
  });

  const heard =
    (answer: Exclude<ScriptedTurn, (request: never) => unknown>): ScriptedTurn =>
    (request) => {
      requests.push(request);
      return answer;
    };
  const calls = heard({
    text: 'Two calls.',
    calls: [
      { name: 'fs_write', input: { path: 'new.txt', content: 'x\n' } },
      { name: 'fs_read', input: { path: 'a.txt' } },
    ],
  });

  async function run(hooks: Hooks, toolTimeoutMs = 60_000): Promise<CompleteResult> {
    agent = await testAgent({
      workspace,
      script: [calls, heard({ text: 'Done.' })],
      config: { overrides: { hooks }, limits: { toolTimeoutMs } },
    });
    return agent.complete('Go');
  }

  async function results(): Promise<readonly ToolResultContent[]> {
    return (agent ? await historyOf(agent) : []).flatMap((event) =>
      (event.type === 'tool:end' || event.type === 'tool:error') && event.call.result ? [event.call.result] : [],
    );
  }

  /** Whatever has happened: the next turn's request is one that a vendor takes. */
  async function assertGoesOn(): Promise<void> {
    await agent?.complete('And now?').catch(() => undefined);
    for (const { messages } of requests) assert.deepEqual(brokenPairs(messages), []);
  }

  const isWritten = (): Promise<boolean> =>
    readFile(workspace.file('new.txt')).then(
      () => true,
      () => false,
    );

  it('preToolUse: the calls are denied, their answers name the hook, and the turn goes on', async () => {
    assert.deepEqual((await run({ preToolUse: boom })).status, 'ok');
    const said = await results();
    assert.equal(said.length, 2);
    for (const result of said) {
      assert.ok(!result.ok);
      assert.match(result.error, /preToolUse hook of the agent's configuration failed: boom/);
      assert.equal(result.errorType, 'denied');
    }
    assert.equal(await isWritten(), false);
    await assertGoesOn();
  });

  it('preToolUse: one that never ends denies after the time limit', async () => {
    assert.equal((await run({ preToolUse: never }, 50)).status, 'ok');
    const [result] = await results();
    assert.match(result?.ok === false ? result.error : '', /did not come back within 0.05 s/);
    assert.equal(await isWritten(), false);
    await assertGoesOn();
  });

  it('preToolUse: Stop ends the wait for it, and every call is answered', async () => {
    const running = run({
      preToolUse: () => {
        void agent?.interrupt();
        return never();
      },
    });
    assert.equal((await running).status, 'interrupted');
    assert.equal(await isWritten(), false);
    assert.equal((await results()).length, 2);
  });

  it('postToolUse: what has run says so, its result is withheld, and the turn goes on', async () => {
    assert.equal((await run({ postToolUse: boom })).status, 'ok');
    const said = await results();
    assert.equal(said.length, 2);
    for (const result of said)
      assert.match(result.ok ? '' : result.error, /has run, but its result is withheld.*postToolUse hook .*boom/);
    assert.equal(JSON.stringify(requests.at(-1)?.messages).includes('alpha'), false);
    assert.equal(await isWritten(), true);
    await assertGoesOn();
  });

  it('postToolUse: one that never ends, or gives back what cannot be stored, withholds as well', async () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    assert.equal((await run({ postToolUse: () => ({ replace: { content: cyclic } }) })).status, 'ok');
    for (const result of await results()) assert.match(result.ok ? '' : result.error, /withheld.*cannot be used/);
    await assertGoesOn();
  });

  it('preModel: the turn fails with a typed error and nothing is sent', async () => {
    const { status, error } = await run({ preModel: boom });
    assert.deepEqual([status, error?.code, requests.length], ['failed', 'hook_failed', 0]);
    assert.match(error?.message ?? '', /preModel hook .*boom/);
    await assertGoesOn();
  });

  it('preModel: failing between a call and the next request, the calls have their results', async () => {
    let asked = 0;
    const { status, error } = await run({
      preModel: () => (asked++ === 1 ? boom() : undefined),
    });
    assert.deepEqual([status, error?.code, (await results()).length], ['failed', 'hook_failed', 2]);
    await assertGoesOn();
    assert.ok(requests.length > 1);
  });

  it('postModel: the turn fails with a typed error, what was said stays, and no call of it runs', async () => {
    let asked = 0;
    const { status, error, text } = await run({ postModel: () => (asked++ === 0 ? boom() : undefined) });
    assert.deepEqual([status, error?.code, text], ['failed', 'hook_failed', 'Two calls.']);
    assert.deepEqual([await isWritten(), (await results()).length], [false, 0]);
    await assertGoesOn();
    assert.ok(requests.length > 1);
  });

  it('preModel and postModel: one that never ends is a typed error as well', async () => {
    const { error } = await run({ postModel: never }, 50);
    assert.equal(error?.code, 'hook_timeout');
  });

  it('messagesChanged: it is told as an error event, and nothing else changes', async () => {
    assert.equal((await run({ messagesChanged: boom })).status, 'ok');
    const history = agent ? await historyOf(agent) : [];
    const told = history.flatMap((event) => (event.type === 'error' ? [event.message] : []));
    assert.ok(told.length > 0);
    assert.match(told[0] ?? '', /messagesChanged hook .*boom/);
    assert.equal(await isWritten(), true);
    await assertGoesOn();
  });

  it('a hook of a resumed agent is asked about a call that waited for an answer before', async () => {
    const script = [calls, heard({ text: 'Done.' })];
    const deps = dependenciesFor({ workspace, script });
    const config = { templateId: 'test', overrides: { permission: { mode: 'approval' } } } as const;
    const first = await Agent.create(config, deps);
    const asked = nextEvent(first, 'permission_required');
    await first.send('Go');
    const { permissionId } = await asked;
    await first[Symbol.asyncDispose]();
    const opts = { strategy: 'manual' } as const;
    agent = await Agent.resume(first.agentId, { overrides: { hooks: { preToolUse: boom } } }, deps, opts);
    await agent.decide(permissionId, 'allow').catch(() => undefined);
    await agent.complete();
    assert.equal(await isWritten(), false);
    await assertGoesOn();
  });
});
