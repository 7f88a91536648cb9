import { strict as assert } from 'node:assert';
import { Agent } from '../../src/core/agent/agent';
import type { ModelRequest } from '../../src/core/model/provider';
import type { ScriptedTurn } from '../../src/core/model/scripted';
import { workspaceWith, type Workspace } from '../support/agents';
import { delegating, task, teamDependencies } from '../support/team';

/** Ids of calls and of results must be the same, each right behind the other. */
function assertPaired({ messages }: ModelRequest): void {
  let open: readonly string[] = [];
  for (const { content } of messages) {
    const answered = content.flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id] : []));
    assert.deepEqual([...answered].sort(), [...open].sort());
    open = content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
  }
  assert.deepEqual(open, []);
}

describe('Stop at any moment of an agent with subagents', () => {
  let workspace: Workspace;
  beforeEach(async () => {
    workspace = await workspaceWith({ 'a.txt': 'one\n' });
  });
  afterEach(() => workspace.remove());

  const checked =
    (turn: Exclude<ScriptedTurn, (request: ModelRequest) => unknown>): ScriptedTurn =>
    (request) => {
      assertPaired(request);
      return turn;
    };
  const calls = [
    { name: 'fs_read', input: { path: 'a.txt' } },
    { name: 'bash_run', input: { cmd: 'true' } },
  ];
  const given = [task('worker', 'One.'), task('worker', 'Two.')];
  const roles = () => ({
    lead: { ...delegating(given), script: [checked({ calls: given }), checked({ text: 'done' })] },
    worker: {
      script: [checked({ calls }), checked({ text: 'worker is done' })],
      permission: { mode: 'approval' } as const,
    },
  });

  it('leaves no call without its result, no open question and no subagent, and the agent goes on', async function () {
    this.timeout(60_000);
    let events = 0;
    for (let stopAt = 1; stopAt === 1 || stopAt <= events; stopAt++) {
      const deps = teamDependencies({ workspace, roles: roles() });
      await using agent = await Agent.create({ templateId: 'lead' }, deps);
      let count = 0;
      let stopped: Promise<void> | undefined;
      const watching = (async () => {
        for await (const { event } of agent.subscribe()) {
          if (++count === stopAt && stopAt > 1) stopped ??= agent.interrupt();
          if (event.type === 'done') return;
        }
      })();
      agent.on('permission_required', (event) => void event.respond?.('allow').catch(() => undefined));
      const result = await agent.complete('Go.', { onPause: 'wait' });
      await watching;
      await stopped;
      if (stopAt === 1) {
        assert.equal(result.text, 'done');
        events = count;
      } else assert.ok(['ok', 'interrupted'].includes(result.status), JSON.stringify(result));
      assert.deepEqual(agent.openApprovals, []);
      assert.equal(agent.isIdle, true);
      assert.equal(agent.info().askedBelow?.length ?? 0, 0);
      assert.ok(['ok', 'interrupted'].includes((await agent.complete('And now?', { onPause: 'wait' })).status));
      for (const id of await deps.store.list())
        if (id !== agent.agentId) {
          await using child = await Agent.resumeFromStore(id, deps);
          assert.equal(child.isIdle, true);
        }
    }
    assert.ok(events > 10);
  });
});
