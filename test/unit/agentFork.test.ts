import { strict as assert } from 'node:assert';
import { Agent } from '../../src/core/agent/agent';
import type { AgentDependencies } from '../../src/core/agent/config';
import type { ModelRequest } from '../../src/core/model/provider';
import { scriptedModel, type ScriptedTurn } from '../../src/core/model/scripted';
import { textOf } from '../../src/core/protocol/messages';
import { reduce } from '../../src/core/protocol/reduce';
import { emptySessionView, type SessionView } from '../../src/core/protocol/view';
import { dependenciesFor, nextEvent, workspaceWith, type Workspace } from '../support/agents';

describe('forks, snapshots and the way back', () => {
  let workspace: Workspace;
  let deps: AgentDependencies;
  let requests: ModelRequest[];
  beforeEach(async () => {
    workspace = await workspaceWith();
    deps = dependenciesFor({ workspace, script: [] });
    requests = [];
  });
  afterEach(() => workspace.remove());

  const answers = (...texts: readonly string[]): readonly ScriptedTurn[] =>
    texts.map((text) => (request: ModelRequest) => {
      requests.push(request);
      return { text };
    });
  const agentSaying = (...texts: readonly string[]): Promise<Agent> =>
    Agent.create({ agentId: 'a', templateId: 'test', model: scriptedModel(answers(...texts)) }, deps);
  const lastAsked = (): readonly string[] => requests.at(-1)?.messages.map(textOf) ?? [];

  it('a fork at a message has everything before it, and a history of its own', async () => {
    const agent = await agentSaying('1', '2', '3', 'fork');
    await agent.complete('one');
    const second = await agent.send('two');
    await agent.complete();
    const fork = await agent.fork(second);
    assert.deepEqual(fork.info().lineage, ['a']);
    assert.equal(fork.info().messageCount, 2);
    await fork.complete('other');
    assert.deepEqual(lastAsked(), ['one', '1', 'other']);
    assert.equal(agent.info().messageCount, 4);
    assert.deepEqual(userTexts(await viewOf(fork)), ['one', 'other']);
    await Promise.all([agent, fork].map((one) => one[Symbol.asyncDispose]()));
  });

  it('a fork while a turn runs has what was before this turn', async () => {
    const agent = await Agent.create(
      {
        agentId: 'a',
        templateId: 'test',
        model: scriptedModel([{ text: '1' }, { text: 'word '.repeat(200) }], { chunkDelayMs: 5 }),
      },
      deps,
    );
    await agent.complete('one');
    void agent.complete('two');
    await nextEvent(agent, 'text_chunk');
    const fork = await agent.fork();
    assert.equal(fork.info().messageCount, 2);
    await agent.interrupt();
    await Promise.all([agent, fork].map((one) => one[Symbol.asyncDispose]()));
  });

  it('a snapshot is a place to fork from, by its label', async () => {
    const agent = await agentSaying('1', '2', 'fork');
    await agent.complete('one');
    assert.equal(await agent.snapshot('start'), 'start');
    assert.equal(await agent.snapshot('start'), 'start-2');
    await agent.complete('two');
    const fork = await agent.fork({ at: 'start' });
    await fork.complete('other');
    assert.deepEqual(lastAsked(), ['one', '1', 'other']);
    await assert.rejects(agent.fork('nowhere'), { code: 'invalid_value' });
    await Promise.all([agent, fork].map((one) => one[Symbol.asyncDispose]()));
  });

  it('goes back to before a message, for the model, the view and the store', async () => {
    const agent = await agentSaying('1', '2', '3');
    await agent.complete('one');
    const second = await agent.send('two');
    await agent.complete();
    await agent.rewind(second);
    assert.deepEqual(userTexts(await viewOf(agent)), ['one']);
    await agent.complete('instead');
    assert.deepEqual(lastAsked().slice(0, 2), ['one', '1']);
    assert.ok(!lastAsked().includes('two'));
    await agent[Symbol.asyncDispose]();
    const again = await Agent.resume('a', { model: scriptedModel(answers('4')) }, deps);
    await again.complete('last');
    assert.ok(lastAsked().includes('instead') && !lastAsked().includes('two'));
    await again[Symbol.asyncDispose]();
  });

  it('does not go back while it works, nor to a message that is not there', async () => {
    const agent = await Agent.create(
      { agentId: 'a', templateId: 'test', model: scriptedModel([{ text: 'word '.repeat(200) }], { chunkDelayMs: 5 }) },
      deps,
    );
    const first = await agent.send('one');
    await assert.rejects(agent.rewind(first), { code: 'busy' });
    await agent.interrupt();
    await agent.rewind(first);
    await assert.rejects(agent.rewind(first), { code: 'invalid_value' });
    assert.equal(agent.info().messageCount, 0);
    await agent[Symbol.asyncDispose]();
  });

  it('a fork of a fork keeps the whole line of its parents', async () => {
    const agent = await agentSaying('1');
    await agent.complete('one');
    const child = await agent.fork();
    const grandchild = await child.fork();
    assert.deepEqual(grandchild.info().lineage, ['a', child.agentId]);
    await Promise.all([agent, child, grandchild].map((one) => one[Symbol.asyncDispose]()));
  });
});

async function viewOf(agent: Agent): Promise<SessionView> {
  let view = emptySessionView(agent.agentId);
  for await (const envelope of agent.subscribe(undefined, { since: { seq: 0, timestamp: 0 } })) {
    view = reduce(view, envelope);
    if (envelope.cursor >= agent.status().cursor) break;
  }
  return view;
}

function userTexts(view: SessionView): readonly string[] {
  return view.items.flatMap((item) => (item.kind === 'user' ? [item.text] : []));
}
