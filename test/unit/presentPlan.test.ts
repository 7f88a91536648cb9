import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import type { Agent } from '../../src/core/agent/agent';
import type { PermissionMode } from '../../src/core/protocol/modes';
import { planAnswer } from '../../src/core/tools/planAnswer';
import { testAgent, workspaceWith, type Workspace } from '../support/agents';

const plan = '# Keep the sign\n\n1. Change `parsePrice`.\n2. Run the tests.\n';

describe('a plan', () => {
  let workspace: Workspace;
  let agent: Agent;
  let told = '';
  beforeEach(async () => {
    workspace = await workspaceWith();
  });
  afterEach(async () => {
    await agent[Symbol.asyncDispose]();
    await workspace.remove();
  });

  const presented = async (mode: PermissionMode, input: Readonly<Record<string, string>> = { plan }) => {
    agent = await testAgent({
      workspace,
      config: { overrides: { permission: { mode } } },
      script: [
        { calls: [{ name: 'present_plan', input }] },
        (request) => {
          told = JSON.stringify(request.messages.slice(-2));
          return { calls: [{ name: 'fs_write', input: { path: 'new.txt', content: 'new\n' } }] };
        },
        { text: 'Done.' },
      ],
    });
    assert.equal((await agent.complete('Fix it.')).status, 'paused');
    const [open] = agent.openApprovals;
    assert.ok(open?.subject.kind === 'plan');
    return { ...open, subject: open.subject };
  };

  it('reaches the person in every mode, is named by its heading, and cannot be remembered', async () => {
    for (const mode of ['plan', 'approval', 'review', 'auto', 'readonly'] as const) {
      const { subject } = await presented(mode);
      assert.deepEqual([subject.title, subject.text, subject.remember], ['Keep the sign', plan, undefined]);
      await agent.interrupt();
      if (mode !== 'readonly') await agent[Symbol.asyncDispose]();
    }
  });

  it('has the name that the model gives it', async () => {
    assert.equal((await presented('plan', { plan, title: 'Signs' })).subject.title, 'Signs');
  });

  it('that is agreed to in another mode is carried out in that one', async () => {
    const { permissionId } = await presented('plan');
    await agent.setPermission({ mode: 'auto' });
    await agent.decide(permissionId, 'allow', 'Go, in Auto mode.');
    assert.equal((await agent.complete()).status, 'ok');
    assert.match(told, /Go, in Auto mode\./);
    assert.ok(existsSync(workspace.file('new.txt')));
  });

  it('that is agreed to without a change of mode changes nothing of what may run', async () => {
    const { permissionId } = await presented('plan');
    await agent.decide(permissionId, 'allow');
    await agent.complete();
    assert.match(told, /agrees to the plan as it stands/);
    assert.ok(!existsSync(workspace.file('new.txt')));
  });

  it('that is not good yet goes back with the reason', async () => {
    const { permissionId } = await presented('plan');
    await agent.decide(permissionId, 'deny', 'Keep planning.\n\nThe cart is missing.');
    await agent.complete();
    assert.match(told, /The cart is missing\./);
  });
});

describe('the answer to a plan', () => {
  const go = { kind: 'go', mode: 'ask' } as const;

  it('is one line where nothing was changed', () => {
    assert.equal(planAnswer({ answer: go, written: plan, left: plan, comments: [] }), 'Go, in Ask mode.');
    assert.equal(
      planAnswer({ answer: { kind: 'keep', reason: ' ' }, written: plan, left: plan, comments: [] }),
      'Keep planning.',
    );
  });

  it('holds the plan as the user left it, what they changed, and what they said to which line', () => {
    const left = plan.replace('2. Run the tests.', '2. Add a test.\n3. Run the tests.');
    const comments = [{ line: 3, quote: '1. Change `parsePrice`.', text: 'Keep the old name\nas an alias.' }];
    const text = planAnswer({ answer: go, written: plan, left, comments });
    assert.equal(text.split('\n', 1)[0], 'Go, in Ask mode. The user changed the plan and left a comment.');
    assert.ok(text.includes(left.trimEnd()));
    assert.match(text, /^\+2\. Add a test\.$/m);
    assert.match(text, /- Line 3 \("1\. Change `parsePrice`\."\): Keep the old name\n {2}as an alias\./);
  });

  it('finds the line of a comment again, and says where it is gone', () => {
    const left = `Intro.\n\n${plan}`;
    const at = (line: number, quote: string) => ({ line, quote, text: 'Why?' });
    const comments = [at(4, '2. Run the tests.'), at(1, 'Never written.')];
    const text = planAnswer({ answer: { kind: 'keep', reason: 'No.' }, written: plan, left, comments });
    assert.match(text, /^- Line 6 \("2\. Run the tests\."\): Why\?$/m);
    assert.match(text, /^- A line that is gone \("Never written\."\): Why\?$/m);
    assert.match(text, /^Keep planning\. The user changed the plan and left 2 comments\.\n\nNo\.$/m);
  });
});
