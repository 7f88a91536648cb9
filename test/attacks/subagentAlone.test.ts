import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { Agent } from '../../src/core/agent/agent';
import type { AgentDependencies } from '../../src/core/agent/config';
import type { PermissionConfig } from '../../src/core/permission/policy';
import type { SandboxConfig } from '../../src/core/sandbox/sandboxConfig';
import { workspaceWith, type Workspace } from '../support/agents';
import { delegating, task, teamDependencies, type Role } from '../support/team';

/** Tries something whenever it is told anything, and notes which tools it has. */
const seen: string[][] = [];
const worker: Role = {
  script: [
    ({ messages, tools }) => {
      seen.push(tools.map(({ name }) => name));
      if (messages.at(-1)?.content[0]?.type !== 'text') return { text: 'tried' };
      return { calls: [{ name: 'bash_run', input: { cmd: 'echo hi > made' } }] };
    },
  ],
};

describe('a subagent that is brought back by itself', () => {
  let workspace: Workspace;
  beforeEach(async () => {
    workspace = await workspaceWith();
    seen.length = 0;
  });
  afterEach(() => workspace.remove());

  /** The id of the subagent of an agent that has ended. */
  async function ended(deps: AgentDependencies): Promise<string> {
    const agent = await Agent.create({ agentId: 'a', templateId: 'lead' }, deps);
    assert.equal((await agent.complete('Go.')).status, 'ok');
    await agent[Symbol.asyncDispose]();
    return (await deps.store.list()).find((id) => id !== 'a') ?? '';
  }

  const policies: readonly (readonly [string, PermissionConfig])[] = [
    ['only reads', { mode: 'readonly' }],
    ['may not use the tool', { mode: 'auto', denyTools: ['bash_run'] }],
    ['may use other tools only', { mode: 'auto', allowTools: ['task_run'] }],
  ];
  for (const [what, above] of policies)
    it(`does nothing that it could not do under an agent that ${what}, nor does its fork`, async () => {
      const deps = teamDependencies({ workspace, roles: { lead: delegating([task('worker')], above), worker } });
      const childId = await ended(deps);
      await using child = await Agent.resumeFromStore(childId, deps, {
        overrides: { overrides: { permission: { mode: 'auto' } } },
      });
      await using forked = await child.fork();
      for (const agent of [child, forked]) {
        const { status, text } = await agent.complete('Once more.');
        assert.deepEqual([status, text], ['ok', 'tried']);
      }
      assert.equal(existsSync(workspace.file('made')), false);
    });

  it('does nothing that the agent above could not do any more when it was cut off', async () => {
    const roles = {
      lead: delegating([task('worker')]),
      worker: { ...worker, permission: { mode: 'approval' as const } },
    };
    const deps = teamDependencies({ workspace, roles });
    const agent = await Agent.create({ agentId: 'a', templateId: 'lead' }, deps);
    assert.equal((await agent.complete('Go.')).status, 'paused');
    await agent.setPermission({ mode: 'readonly' });
    await agent[Symbol.asyncDispose]();
    const childId = (await deps.store.list()).find((id) => id !== 'a') ?? '';
    const overrides = { overrides: { permission: { mode: 'auto' as const } } };
    await using child = await Agent.resumeFromStore(childId, deps, { overrides });
    assert.equal((await child.complete('Once more.')).status, 'ok');
    assert.equal(existsSync(workspace.file('made')), false);
  });

  it('has no subagents where it had none, and the sandbox of the agent above in place of its own', async () => {
    const made: (SandboxConfig | undefined)[] = [];
    const roles = { lead: delegating([task('worker')]), worker: { ...worker, subagents: { depth: 5 } } };
    const base = teamDependencies({ workspace, roles });
    const wide = { kind: 'local', workDir: '/', enforceBoundary: false };
    const { templateRegistry } = base;
    templateRegistry.register({ ...templateRegistry.get('worker'), sandbox: wide });
    const deps = {
      ...base,
      sandboxFactory: (config?: SandboxConfig) => {
        made.push(config);
        return base.sandboxFactory();
      },
    };
    const childId = await ended(deps);
    await using child = await Agent.resumeFromStore(childId, deps);
    await child.complete('Once more.');
    assert.deepEqual(made, [undefined, undefined]);
    assert.ok(seen.length > 0 && seen.flat().includes('bash_run'));
    assert.equal(seen.flat().includes('task_run'), false);
  });
});
