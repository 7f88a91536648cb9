import { strict as assert } from 'node:assert';
import type { Agent } from '../../src/core/agent/agent';
import {
  modeInForce,
  parseReviewMode,
  permissionModeOf,
  reviewModeOf,
  reviewModes,
} from '../../src/core/protocol/modes';
import { reduce } from '../../src/core/protocol/reduce';
import { emptySessionView } from '../../src/core/protocol/view';
import type { ToolResultContent } from '../../src/core/protocol/messages';
import { historyOf, testAgent, workspaceWith, type Workspace } from '../support/agents';

const write = (path: string) => ({ calls: [{ name: 'fs_write', input: { path, content: 'text\n' } }] });

describe('the modes', () => {
  it('have one permission mode each, and are found again from it', () => {
    assert.deepEqual(reviewModes.map(permissionModeOf), ['plan', 'approval', 'review', 'auto']);
    for (const mode of reviewModes) assert.equal(reviewModeOf(permissionModeOf(mode)), mode);
    assert.equal(reviewModeOf('readonly'), undefined);
  });

  it('are never wider than asking where the workspace is not trusted', () => {
    assert.deepEqual(
      reviewModes.map((mode) => modeInForce(mode, false)),
      ['plan', 'ask', 'ask', 'ask'],
    );
    for (const mode of reviewModes) assert.equal(modeInForce(mode, true), mode);
  });

  it('are read from what was kept only where it is exactly one of them', () => {
    for (const value of ['AUTO', 'approval', 'readonly', '', undefined, null, ['auto'], { auto: true }])
      assert.equal(parseReviewMode(value), undefined);
    assert.equal(parseReviewMode('auto'), 'auto');
  });
});

describe('switching the mode of an agent', () => {
  let workspace: Workspace;
  let agent: Agent;
  beforeEach(async () => {
    workspace = await workspaceWith({ 'src/a.txt': 'a\n' });
  });
  afterEach(async () => {
    await agent[Symbol.asyncDispose]();
    await workspace.remove();
  });

  const resultsOf = async (): Promise<readonly ToolResultContent[]> =>
    (await historyOf(agent)).flatMap((event) =>
      (event.type === 'tool:end' || event.type === 'tool:error') && event.call.result ? [event.call.result] : [],
    );

  it('holds for the next call of a running turn', async () => {
    let switched: Promise<void> | undefined;
    agent = await testAgent({
      workspace,
      config: { overrides: { permission: { mode: 'auto' } } },
      script: [
        write('one.txt'),
        () => {
          switched = agent.setPermission({ mode: 'plan' });
          return write('two.txt');
        },
        { text: 'Done.' },
      ],
    });
    assert.equal((await agent.complete('Write both.')).status, 'ok');
    await switched;
    const [first, second] = await resultsOf();
    assert.equal(first?.ok, true);
    assert.ok(second && !second.ok && second.errorType === 'denied');
    assert.match(second.error, /present_plan/);
  });

  it('is told once, and shown in the transcript where something stands before it', async () => {
    agent = await testAgent({ workspace, script: [{ text: 'Hello.' }] });
    await agent.setPermission({ mode: 'review' });
    await agent.setPermission({ mode: 'review', denyTools: ['bash_run'] });
    await agent.complete('Hello?');
    await agent.setPermission({ mode: 'approval' });
    const history = await historyOf(agent);
    const told = history.flatMap((event) => (event.type === 'permission_changed' ? [event.mode] : []));
    assert.deepEqual(told, ['review', 'approval']);
    const view = history.reduce(
      (shown, event, index) => reduce(shown, { cursor: index + 1, bookmark: { seq: index + 1, timestamp: 0 }, event }),
      emptySessionView(agent.agentId),
    );
    assert.equal(view.mode, 'approval');
    const lines = view.items.flatMap((item) => (item.kind === 'modeChange' ? [item.mode] : []));
    assert.deepEqual(lines, ['approval']);
  });

  it('into plan mode and out of it is told to the model before its next step', async () => {
    const seen: string[] = [];
    const look = (request: { readonly messages: readonly unknown[] }) => {
      seen.push(JSON.stringify(request.messages));
      return { text: 'Yes.' };
    };
    agent = await testAgent({
      workspace,
      config: { overrides: { permission: { mode: 'plan' } } },
      script: [look, look, look],
    });
    await agent.complete('One.');
    assert.match(seen[0] ?? '', /The mode is plan/);
    await agent.setPermission({ mode: 'approval' });
    await agent.complete('Two.');
    assert.match(seen[1] ?? '', /no longer plan/);
    // A word of the program, not of the user.
    assert.match(seen[1] ?? '', /<system-reminder[^<]*The mode is plan[^<]*<\/system-reminder>/);
    assert.doesNotMatch(seen[1] ?? '', /user_review/);
    await agent.setPermission({ mode: 'auto' });
    await agent.complete('Three.');
    assert.equal(seen[2]?.split('The mode is').length, seen[1]?.split('The mode is').length);
  });
});
