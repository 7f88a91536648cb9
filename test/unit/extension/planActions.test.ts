import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import type { Agent } from '../../../src/core/agent/agent';
import { isAgentError } from '../../../src/core/errors';
import { newPermissionId } from '../../../src/core/protocol/ids';
import { permissionModeOf, type ReviewMode } from '../../../src/core/protocol/modes';
import { PlanActions } from '../../../src/extension/plans/planActions';
import { testAgent, workspaceWith, type Workspace } from '../../support/agents';

const plan = '# Signs\n\n1. Change it.\n2. Test it.\n';
const unknown = (error: unknown) => isAgentError(error) && error.code === 'unknown_permission';

describe('what a person does with a plan', () => {
  let workspace: Workspace;
  let agent: Agent;
  let told = '';
  let left: string | undefined;
  const opened: string[] = [];
  const switched: ReviewMode[] = [];
  beforeEach(async () => {
    workspace = await workspaceWith();
    [opened.length, switched.length, told, left] = [0, 0, '', undefined];
  });
  afterEach(async () => {
    await agent[Symbol.asyncDispose]();
    await workspace.remove();
  });

  const asked = async (call: { name: string; input: Record<string, string> }) => {
    agent = await testAgent({
      workspace,
      config: { overrides: { permission: { mode: call.name === 'present_plan' ? 'plan' : 'approval' } } },
      script: [
        { calls: [call] },
        (request) => {
          told = JSON.stringify(request.messages);
          return { calls: [{ name: 'fs_write', input: { path: 'new.txt', content: 'new\n' } }] };
        },
        { text: 'Done.' },
      ],
    });
    await agent.complete('Fix it.');
    const [open] = agent.openApprovals;
    assert.ok(open);
    const actions = new PlanActions({
      sessions: { agentFor: async () => agent },
      modes: {
        async set(_sessionId, mode) {
          switched.push(mode);
          await agent.setPermission({ mode: permissionModeOf(mode) });
          return true;
        },
      },
      documents: { text: () => left, open: async (_id, title, text) => void opened.push(`${title}: ${text}`) },
    });
    return { actions, id: agent.agentId, permissionId: open.permissionId };
  };
  const planned = () => asked({ name: 'present_plan', input: { plan } });

  it('opens it as the agent wrote it', async () => {
    const { actions, id, permissionId } = await planned();
    await actions.edit(id, permissionId);
    assert.deepEqual(opened, [`Signs: ${plan}`]);
  });

  it('says go: the next call runs in the chosen mode, and the model reads the plan as it was left', async () => {
    const { actions, id, permissionId } = await planned();
    left = plan.replace('Test it', 'Test the cart too');
    await actions.go(id, permissionId, 'auto', [{ line: 3, quote: '1. Change it.', text: 'Where?' }]);
    await agent.complete();
    assert.deepEqual([switched, agent.permission.mode], [['auto'], 'auto']);
    assert.ok(existsSync(workspace.file('new.txt')));
    for (const wanted of [
      /Go, in Auto mode/,
      /Test the cart too/,
      /\+2\. Test the cart too\./,
      /Line 3 .{0,40}Where\?/,
    ])
      assert.match(told, wanted);
  });

  it('keeps planning, with what they say, in the same mode', async () => {
    const { actions, id, permissionId } = await planned();
    await actions.keep(id, permissionId, 'The cart is missing.', []);
    await agent.complete();
    assert.match(told, /Keep planning\.\\+n\\+nThe cart is missing\./);
    assert.deepEqual([switched, existsSync(workspace.file('new.txt'))], [[], false]);
  });

  it('answers nothing but a plan that waits: another question stays open, and no mode is switched', async () => {
    const { actions, id, permissionId } = await asked({ name: 'fs_write', input: { path: 'a.txt', content: 'a\n' } });
    await assert.rejects(actions.go(id, permissionId, 'auto', []), unknown);
    await assert.rejects(actions.keep(id, permissionId, '', []), unknown);
    await assert.rejects(actions.go(id, newPermissionId(), 'auto', []), unknown);
    assert.deepEqual([switched, agent.openApprovals.length], [[], 1]);
  });
});
