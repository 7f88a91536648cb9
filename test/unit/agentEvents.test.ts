import { strict as assert } from 'node:assert';
import type { Envelope } from '../../src/core/protocol/events';
import { newAgentId } from '../../src/core/protocol/ids';
import { reduce } from '../../src/core/protocol/reduce';
import { emptySessionView } from '../../src/core/protocol/view';
import { historyOf, testAgent, workspaceWith, type Workspace } from '../support/agents';

describe('the events of an agent', () => {
  let workspace: Workspace;
  beforeEach(async () => {
    workspace = await workspaceWith({ 'a.txt': 'one\n' });
  });
  afterEach(() => workspace.remove());

  const reading = [
    { text: 'I look.', calls: [{ name: 'fs_read', input: { path: 'a.txt' } }] },
    { text: 'It says one.' },
  ];

  it('have strictly increasing numbers without a gap', async () => {
    const agent = await testAgent({ workspace, script: reading });
    await agent.complete('Go.');
    const seqs = (await readAll(agent.subscribe(undefined, { since: start }), 'state_changed', 2)).map(
      (one) => one.bookmark.seq,
    );
    assert.deepEqual(
      seqs,
      seqs.map((_seq, index) => index + 1),
    );
    await agent[Symbol.asyncDispose]();
  });

  it('miss nothing when one sends first and subscribes then', async () => {
    const agent = await testAgent({ workspace, script: reading });
    await agent.send('Go.');
    const types: string[] = [];
    for await (const event of agent.subscribeProgress()) types.push(event.type);
    assert.equal(types[0], 'user_message');
    assert.equal(types.at(-1), 'done');
    assert.ok(types.includes('tool:end'));
    await agent[Symbol.asyncDispose]();
  });

  it('miss nothing when the turn is over before one subscribes', async () => {
    const agent = await testAgent({ workspace, script: reading });
    await agent.complete('Go.');
    const types: string[] = [];
    for await (const event of agent.subscribeProgress()) types.push(event.event.type);
    assert.deepEqual([types[0], types.at(-1)], ['user_message', 'done']);
    await agent[Symbol.asyncDispose]();
  });

  it('a reader that falls behind loses nothing, and costs bounded memory', async () => {
    const calls = Array.from({ length: 400 }, () => ({ name: 'fs_read', input: { path: 'a.txt' } }));
    const agent = await testAgent({ workspace, script: [{ calls }, { text: 'Done.' }] });
    const slow = agent.subscribe(undefined, { since: start });
    const iterator = slow[Symbol.asyncIterator]();
    const turn = agent.complete('Go.');
    await iterator.next();
    await turn;
    const seen = [1];
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      seen.push(next.value.bookmark.seq);
      if (next.value.event.type === 'state_changed' && next.value.event.state === 'READY') break;
    }
    assert.ok(seen.length > 1_200);
    assert.deepEqual(
      seen,
      seen.map((_seq, index) => index + 1),
    );
    await agent[Symbol.asyncDispose]();
  });

  it('carry the whole answer in pieces that add up to it', async () => {
    const text = 'äöü and "quotes"\n'.repeat(200);
    const agent = await testAgent({ workspace, script: [{ text }] });
    await agent.complete('Go.');
    let pieces = '';
    for await (const { event } of agent.stream('Again.')) if (event.type === 'text_chunk') pieces += event.delta;
    assert.equal(pieces, text);
    await agent[Symbol.asyncDispose]();
  });

  it('give the same view, whether it is reduced live or from the store', async () => {
    const agent = await testAgent({ workspace, script: reading });
    const live = agent.subscribe(undefined, { since: start });
    const collected = readAll(live, 'state_changed', 2);
    await agent.complete('Go.');
    const replayed = await readAll(agent.subscribe(undefined, { since: start }), 'state_changed', 2);
    const id = newAgentId();
    const view = (envelopes: readonly Envelope[]) => envelopes.reduce(reduce, emptySessionView(id));
    assert.deepEqual(view(await collected), view(replayed));
    assert.deepEqual(
      view(replayed).items.map((item) => item.kind),
      ['user', 'answer', 'tool', 'answer', 'turnEnd'],
    );
    await agent[Symbol.asyncDispose]();
  });

  it('a listener that throws is reported and does no harm', async () => {
    const agent = await testAgent({ workspace, script: reading });
    agent.on('tool_executed', () => {
      throw new Error('listener broke');
    });
    assert.equal((await agent.complete('Go.')).status, 'ok');
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.ok(
      (await historyOf(agent)).some((event) => event.type === 'error' && event.message.includes('listener broke')),
    );
    await agent[Symbol.asyncDispose]();
  });
});

const start = { seq: 0, timestamp: 0 };

/** Reads up to the n-th event of this type. */
async function readAll(stream: AsyncIterable<Envelope>, type: string, count: number): Promise<readonly Envelope[]> {
  const envelopes: Envelope[] = [];
  let left = count;
  for await (const envelope of stream) {
    envelopes.push(envelope);
    if (envelope.event.type === type && --left === 0) break;
  }
  return envelopes;
}
