import { strict as assert } from 'node:assert';
import type { Agent } from '../../src/core/agent/agent';
import type { PermissionConfig } from '../../src/core/permission/policy';
import { testAgent, workspaceWith, type Workspace } from '../support/agents';

const question = { question: 'Tabs or blanks?', choices: ['Tabs', 'Blanks'] };

describe('a question of the agent', () => {
  let workspace: Workspace;
  let agent: Agent;
  const told: string[] = [];
  beforeEach(async () => {
    workspace = await workspaceWith();
    told.length = 0;
  });
  afterEach(async () => {
    await agent[Symbol.asyncDispose]();
    await workspace.remove();
  });

  const asked = async (mode: PermissionConfig['mode']) => {
    agent = await testAgent({
      workspace,
      config: { overrides: { permission: { mode } } },
      script: [
        { calls: [{ name: 'ask_user', input: question }] },
        (request) => {
          told.push(JSON.stringify(request.messages.at(-1)));
          return { text: 'Thank you.' };
        },
      ],
    });
    const paused = await agent.complete('Go.');
    assert.equal(paused.status, 'paused');
    const [open] = agent.openApprovals;
    assert.ok(open);
    return open;
  };

  it('reaches the person in every mode, with its choices, and cannot be remembered', async () => {
    for (const mode of ['auto', 'approval', 'readonly'] as const) {
      const { subject } = await asked(mode);
      assert.equal(subject.kind, 'question');
      assert.deepEqual({ question: subject.question, choices: subject.choices }, question);
      assert.equal(subject.remember, undefined);
      await agent.interrupt();
      if (mode !== 'readonly') await agent[Symbol.asyncDispose]();
    }
  });

  it('gives the answer to the model, word for word', async () => {
    const { permissionId } = await asked('auto');
    await agent.decide(permissionId, 'allow', 'Blanks, "two" of them');
    assert.equal((await agent.complete()).status, 'ok');
    assert.match(told[0] ?? '', /Blanks, \\"two\\" of them/);
  });

  it('may be skipped, and the model is told so', async () => {
    const { permissionId } = await asked('auto');
    await agent.decide(permissionId, 'deny');
    await agent.complete();
    assert.match(told[0] ?? '', /rejected/);
  });

  it('that was agreed to without a word leaves the decision to the model', async () => {
    const { permissionId } = await asked('approval');
    await agent.decide(permissionId, 'allow');
    await agent.complete();
    assert.match(told[0] ?? '', /without a word/);
  });
});
