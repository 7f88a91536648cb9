import { strict as assert } from 'node:assert';
import { Agent } from '../../src/core/agent/agent';
import { dependenciesFor, fewTools, historyOf, type Workspace } from '../support/agents';
import { compactionsIn, fileReader, filesToRead, window32k } from '../support/compactions';
import { vendorModel } from '../support/vendorModel';

describe("an agent's context", () => {
  let workspace: Workspace;
  before(async () => {
    workspace = await filesToRead();
  });
  after(() => workspace.remove());

  it('is compacted at `maxTokens` although more would fit, and after a restart too', async () => {
    const deps = dependenciesFor({ script: [], workspace });
    const model = vendorModel(fileReader(4), window32k);
    const config = { agentId: 'small', templateId: 'test', tools: fewTools, context: { maxTokens: 6_000 }, model };
    const agent = await Agent.create(config, deps);
    await agent.complete('Read the files.');
    await agent.complete('Go on.');
    const ends = compactionsIn(await historyOf(agent)).filter(({ phase }) => phase === 'end');
    assert.ok(ends.length > 0);
    for (const end of ends)
      assert.ok(end.phase === 'end' && end.reason === 'automatic' && end.tokensBefore < 9_000 && end.ratio < 1);
    await agent[Symbol.asyncDispose]();
    const resumed = await Agent.resume('small', { model }, deps);
    await resumed.complete('Read on.');
    await resumed.complete('Go on.');
    const later = compactionsIn(await historyOf(resumed)).filter(({ phase }) => phase === 'end');
    assert.ok(later.length > ends.length);
    await resumed[Symbol.asyncDispose]();
  });

  it('is compacted later without it', async () => {
    const config = { templateId: 'test', tools: fewTools, model: vendorModel(fileReader(4), window32k) };
    const agent = await Agent.create(config, dependenciesFor({ script: [], workspace }));
    await agent.complete('Read the files.');
    await agent.complete('Go on.');
    assert.deepEqual(compactionsIn(await historyOf(agent)), []);
    await agent[Symbol.asyncDispose]();
  });

  it('refuses a limit that leaves no room, naming it', async () => {
    for (const maxTokens of [0, 999, 1_500.5, Number.NaN])
      await assert.rejects(
        Agent.create({ templateId: 'test', context: { maxTokens } }, dependenciesFor({ script: [], workspace })),
        { code: 'invalid_value', message: `context.maxTokens is ${maxTokens}.` },
      );
  });
});
