import { strict as assert } from 'node:assert';
import type { Agent } from '../../../src/core/agent/agent';
import type { PermissionConfig } from '../../../src/core/permission/policy';
import { newAgentId, type AgentId } from '../../../src/core/protocol/ids';
import type { ReviewMode } from '../../../src/core/protocol/modes';
import { ModeMemory } from '../../../src/extension/modes/modeMemory';
import { SessionModes } from '../../../src/extension/modes/sessionModes';
import { testAgent, workspaceWith, type Workspace } from '../../support/agents';

/** What a window keeps, over its reloads. */
function memento() {
  const values = new Map<string, string>();
  return {
    get: (key: string): unknown => {
      const text = values.get(key);
      const value: unknown = text === undefined ? undefined : JSON.parse(text);
      return value;
    },
    update: async (key: string, value: unknown) => void values.set(key, JSON.stringify(value)),
  };
}

function openWindow(kept = memento(), standard: ReviewMode = 'ask', trusted = true) {
  const errors: unknown[] = [];
  const memory = new ModeMemory({
    ...{ memento: kept, standard: () => standard },
    isTrusted: () => trusted,
    reportError: (_what, error) => errors.push(error),
  });
  return { memory, kept, errors };
}

const modeOf = ({ mode }: PermissionConfig) => mode;

describe('the mode of a session', () => {
  const id = newAgentId();

  it('is that of the settings for a new one, and is kept from then on', () => {
    const { memory, kept } = openWindow(memento(), 'review');
    assert.equal(modeOf(memory.permissionFor(id, 'new')), 'review');
    assert.equal(modeOf(openWindow(kept, 'auto').memory.permissionFor(id, 'store')), 'review');
  });

  it('is asking for a stored one that was never switched here, however wide the settings are', () => {
    for (const standard of ['review', 'auto'] as const)
      assert.equal(modeOf(openWindow(memento(), standard).memory.permissionFor(id, 'store')), 'approval');
    assert.equal(modeOf(openWindow(memento(), 'plan').memory.permissionFor(id, 'store')), 'plan');
  });

  it('is what it was switched to, over a reload of the window', () => {
    const { memory, kept } = openWindow();
    memory.set(id, 'auto');
    assert.equal(openWindow(kept).memory.of(id, 'store'), 'auto');
  });

  it('is never wider than asking where the workspace is not trusted', () => {
    const { memory, kept } = openWindow();
    memory.set(id, 'auto');
    const untrusted = openWindow(kept, 'auto', false).memory;
    assert.deepEqual([untrusted.of(id, 'store'), untrusted.of(newAgentId(), 'new')], ['ask', 'ask']);
  });

  it('is forgotten with the session: one that comes back from a file under its name asks', () => {
    const { memory, kept } = openWindow();
    memory.set(id, 'auto');
    memory.forget(id);
    assert.equal(openWindow(kept, 'auto').memory.of(id, 'store'), 'ask');
  });

  it('goes over to a fork', () => {
    const { memory } = openWindow();
    const fork = newAgentId();
    memory.set(id, 'review');
    memory.copy(id, fork);
    assert.equal(memory.of(fork, 'store'), 'review');
  });

  it('is asking where what was kept cannot be read', async () => {
    for (const broken of ['auto', { [id]: 'auto' }, [[id, 'everything']], [[id]], 7]) {
      const kept = memento();
      await kept.update('modes', broken);
      assert.equal(openWindow(kept, 'auto').memory.of(id, 'store'), 'ask');
    }
  });

  it('is kept for the 500 sessions that were switched last', () => {
    const { memory, kept } = openWindow();
    memory.set(id, 'auto');
    for (let index = 0; index < 500; index++) memory.set(newAgentId(), 'review');
    assert.equal(openWindow(kept).memory.of(id, 'store'), 'ask');
  });
});

describe('switching the mode of a session', () => {
  let workspace: Workspace;
  let agent: Agent;
  beforeEach(async () => {
    workspace = await workspaceWith();
    agent = await testAgent({
      workspace,
      config: { overrides: { permission: { mode: 'approval' } } },
      script: [{ text: 'Yes.' }],
    });
  });
  afterEach(async () => {
    await agent[Symbol.asyncDispose]();
    await workspace.remove();
  });

  const opened = (kept = memento()) => {
    const { memory } = openWindow(kept);
    let changes = 0;
    const agents: Agent[] = [agent];
    const sessions = {
      agents,
      activeId: agent.agentId,
      isActiveStored: true,
      agent: (id: AgentId) => agents.find(({ agentId }) => agentId === id),
    };
    const modes = new SessionModes(
      sessions,
      memory,
      () => changes++,
      (what, error) => assert.fail(`${what}: ${String(error)}`),
    );
    return { modes, memory, kept, changes: () => changes };
  };

  it('holds for the agent that works in it, and is told to the panel', async () => {
    const { modes, changes } = opened();
    assert.equal(await modes.set(agent.agentId, 'review', false), true);
    assert.deepEqual([agent.permission.mode, modes.of(agent.agentId), changes()], ['review', 'review', 1]);
  });

  it('to Auto waits for a confirmation, the first time in a workspace', async () => {
    const { modes, kept } = opened();
    assert.equal(await modes.set(agent.agentId, 'auto', false), false);
    assert.deepEqual([agent.permission.mode, modes.toConfirm(agent.agentId)], ['approval', 'auto']);
    assert.equal(modes.toConfirm(newAgentId()), undefined);
    assert.equal(await modes.set(agent.agentId, 'auto', true), true);
    assert.deepEqual([agent.permission.mode, modes.toConfirm(agent.agentId)], ['auto', undefined]);
    await modes.set(agent.agentId, 'ask', false);
    assert.equal(await opened(kept).modes.set(agent.agentId, 'auto', false), true);
  });

  it('to Auto that is not confirmed is forgotten when another mode is chosen', async () => {
    const { modes } = opened();
    await modes.set(agent.agentId, 'auto', false);
    await modes.set(agent.agentId, 'ask', true);
    assert.deepEqual([agent.permission.mode, modes.toConfirm(agent.agentId)], ['approval', undefined]);
    assert.equal(await modes.set(agent.agentId, 'auto', false), false);
  });

  it('while its agent is made holds once that is there', async () => {
    const { modes, memory } = opened();
    memory.set(agent.agentId, 'plan');
    modes.holdAll();
    assert.equal(agent.permission.mode, 'plan');
  });
});
