import { strict as assert } from 'node:assert';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent } from '../../src/core/agent/agent';
import type { AgentDependencies } from '../../src/core/agent/config';
import { scriptedModel, type ScriptedAnswer } from '../../src/core/model/scripted';
import { MemoryReviews } from '../../src/core/permission/reviews';
import { MemoryRules } from '../../src/core/permission/rules';
import type { PermissionConfig } from '../../src/core/permission/policy';
import type { RuleScope } from '../../src/core/protocol/toolCalls';
import { dependenciesFor, workspaceWith, type Workspace } from '../support/agents';

const tests = 'node test.js';
const run = (cmd: string, more: Readonly<Record<string, boolean>> = {}): ScriptedAnswer => ({
  calls: [{ name: 'bash_run', input: { cmd, ...more } }],
});
const write = (path: string): ScriptedAnswer => ({
  calls: [{ name: 'fs_write', input: { path, content: 'changed\n' } }],
});

describe('what a user allowed', () => {
  let workspace: Workspace;
  let shared: Pick<AgentDependencies, 'rules' | 'reviews'>;
  const open: Agent[] = [];
  beforeEach(async () => {
    workspace = await workspaceWith({ 'test.js': 'require("node:fs").appendFileSync("ran", "x")\n' });
    shared = { rules: new MemoryRules('workspace'), reviews: new MemoryReviews() };
  });
  afterEach(async () => {
    for (const agent of open.splice(0)) await agent[Symbol.asyncDispose]();
    await workspace.remove();
  });

  const agentWith = async (
    script: readonly ScriptedAnswer[],
    mode: PermissionConfig['mode'] = 'approval',
  ): Promise<Agent> => {
    const agent = await Agent.create(
      { templateId: 'test', overrides: { permission: { mode } }, model: scriptedModel([...script, { text: 'Done.' }]) },
      { ...dependenciesFor({ script: [], workspace, guarded: true }), ...shared },
    );
    open.push(agent);
    return agent;
  };
  /** Why the agent asks at the end of what it does by itself; undefined: it asks nothing. */
  const askedBy = async (agent: Agent): Promise<readonly string[] | undefined> => {
    await agent.complete('Go.');
    return agent.openApprovals[0]?.subject.why;
  };
  const reasonOf = (agent: Agent): string => agent.openApprovals[0]?.subject.reason ?? '';
  const allow = async (agent: Agent, scope?: RuleScope): Promise<void> => {
    const [question] = agent.openApprovals;
    assert.ok(question);
    await agent.decide(question.permissionId, 'allow', undefined, scope ? { remember: scope } : {});
    await agent.complete();
  };

  it('for the workspace holds in its other sessions, for the session only in that one', async () => {
    for (const [scope, askedAgain] of [
      ['session', true],
      ['workspace', false],
    ] as const) {
      const first = await agentWith([run(tests), run(tests)]);
      assert.ok(await askedBy(first));
      await allow(first, scope);
      assert.equal(first.openApprovals.length, 0, 'in the same session it is not asked again');
      assert.equal((await askedBy(await agentWith([run(tests)]))) !== undefined, askedAgain, scope);
    }
    assert.equal(readFileSync(workspace.file('ran'), 'utf8'), 'xxxxx');
  });

  it('can be seen, and taken back', async () => {
    const agent = await agentWith([run(tests), run(tests)]);
    await askedBy(agent);
    await allow(agent, 'workspace');
    const [rule] = agent.rules;
    assert.ok(rule);
    assert.deepEqual([rule.scope, rule.subject.text, rule.subject.cwd], ['workspace', tests, '.']);
    assert.equal(agent.removeRule(rule.id), true);
    assert.equal(agent.removeRule(rule.id), false);
    assert.ok(await askedBy(await agentWith([run(tests)])));
  });

  it('once is not remembered', async () => {
    const agent = await agentWith([run(tests), run(tests)]);
    await askedBy(agent);
    await allow(agent);
    assert.equal(agent.openApprovals.length, 1);
    assert.deepEqual(agent.rules, []);
  });

  it('never covers the same command in the background or outside of the sandbox', async () => {
    const first = await agentWith([run(tests)]);
    await askedBy(first);
    await allow(first, 'workspace');
    for (const how of [{ background: true }, { outside: true }]) {
      const agent = await agentWith([run(tests, how)], 'auto');
      assert.ok(await askedBy(agent), JSON.stringify(how));
      assert.equal(agent.openApprovals[0]?.subject.remember, undefined);
    }
  });

  it('is asked again in auto mode once the agent changed a file that nobody reviewed, naming it', async () => {
    const first = await agentWith([run(tests)]);
    await askedBy(first);
    await allow(first, 'workspace');
    const reasons = await askedBy(await agentWith([write('src/a.js'), run(tests)], 'auto'));
    assert.match(reasons?.[0] ?? '', /changed files that you have not reviewed: src\/a\.js\./);
    assert.ok(await askedBy(await agentWith([run(tests)])), 'in other sessions of the workspace too');
  });

  it('still holds after an edit that the user allowed', async () => {
    const agent = await agentWith([run(tests), write('src/a.js'), run(tests)]);
    await askedBy(agent);
    await allow(agent, 'session');
    assert.equal(agent.openApprovals[0]?.subject.kind, 'edit');
    await allow(agent);
    assert.equal(agent.openApprovals.length, 0);
    assert.equal(readFileSync(workspace.file('ran'), 'utf8'), 'xx');
  });

  it('takes the files that a question names for reviewed, where the answer is remembered', async () => {
    const first = await agentWith([run(tests)]);
    await askedBy(first);
    await allow(first, 'workspace');
    const agent = await agentWith([write('a.js'), run(tests), run(tests), write('b.js'), run(tests)], 'auto');
    assert.match((await askedBy(agent))?.[0] ?? '', /not reviewed: a\.js\./);
    assert.deepEqual(agent.openApprovals[0]?.subject.unreviewed, ['a.js']);
    await allow(agent);
    assert.match(reasonOf(agent), /a\.js/, 'once is once');
    await allow(agent, 'workspace');
    assert.match(reasonOf(agent), /not reviewed: b\.js\./);
  });

  it('is asked anew when what would run changed while the question stood', async () => {
    const manifest = (script: string): void =>
      writeFileSync(workspace.file('package.json'), JSON.stringify({ scripts: { test: script } }));
    manifest('node test.js');
    const agent = await agentWith([run('npm test')]);
    await askedBy(agent);
    manifest('touch pwned');
    const [shown] = agent.openApprovals;
    assert.ok(shown);
    await agent.decide(shown.permissionId, 'allow', undefined, { remember: 'workspace' });
    assert.equal((await agent.complete()).status, 'paused');
    assert.equal(agent.openApprovals[0]?.subject.reason, 'What would run has changed since you were asked.');
    assert.deepEqual(agent.rules, []);
    const [again] = agent.openApprovals;
    assert.ok(again);
    await agent.decide(again.permissionId, 'deny');
    await agent.complete();
    assert.equal(existsSync(workspace.file('pwned')), false);
  });
});
