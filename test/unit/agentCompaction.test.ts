import { strict as assert } from 'node:assert';
import { Agent } from '../../src/core/agent/agent';
import type { Environment } from '../../src/core/agent/prompt';
import { ContextLengthError, ServiceUnavailableError } from '../../src/core/model/errors';
import { textOf } from '../../src/core/protocol/messages';
import { historyOf, type Workspace } from '../support/agents';
import { agentOn, compactionsIn, fileReader, filesToRead, textIn, window32k } from '../support/compactions';
import { brokenPairs } from '../support/pairs';
import { isSummaryRequest, vendorModel } from '../support/vendorModel';

const noEnvironment: Environment = {
  ...{ os: 'Linux', shell: 'bash', roots: [], date: '', git: [], openFiles: [], visibleFiles: [], instructions: [] },
};

describe('a conversation that is longer than the window', () => {
  let workspace: Workspace;
  before(async () => {
    workspace = await filesToRead();
  });
  after(() => workspace.remove());

  it('goes on for 300 messages in a window of 32k, with every call beside its result and no instruction lost', async () => {
    const model = vendorModel(fileReader(30), window32k);
    const { agent, deps } = await agentOn(workspace, model);
    const instruction = 'Whatever you do, never touch legacy.js.';
    for (let turn = 1; turn <= 5; turn++) {
      const { status } = await agent.complete(turn === 1 ? `${instruction} Read the files.` : `Turn ${turn}: read on.`);
      assert.equal(status, 'ok');
      const own = model.requests.filter((request) => !isSummaryRequest(request)).slice(-31);
      for (const request of own) {
        assert.deepEqual(brokenPairs(request.messages), []);
        assert.ok(textIn(request).includes(instruction), 'the first instruction is gone');
        assert.ok(turn === 1 || textIn(request).includes(`Turn ${turn}: read on.`), 'the message of this turn is gone');
        assert.ok(request.system.includes('Use tabs in this project.'));
      }
    }
    const done = compactionsIn(await historyOf(agent)).filter(({ phase }) => phase === 'end');
    assert.ok(done.length >= 3, `${done.length} compactions`);
    assert.ok(agent.info().messageCount >= 300, `${agent.info().messageCount} messages`);
    const reading = await deps.store.read(agent.agentId);
    const stored = await reading.readMessages();
    assert.equal(stored.length, agent.info().messageCount);
    assert.ok(textOf(stored[0] ?? { content: [] }).includes(instruction), 'the originals are not in the store');
    await reading.close();
    await agent[Symbol.asyncDispose]();
  });

  it('keeps its beginning to the byte between two compactions, for the sake of the cache', async () => {
    const model = vendorModel(fileReader(40), window32k);
    const { agent } = await agentOn(workspace, model);
    await agent.complete('Read the files.');
    const heads = model.requests
      .filter((request) => !isSummaryRequest(request))
      .map(({ messages }) => JSON.stringify(messages[0]));
    const changes = heads.filter((head, index) => index > 0 && head !== heads[index - 1]).length;
    const done = compactionsIn(await historyOf(agent)).filter(({ phase }) => phase === 'end').length;
    assert.ok(done >= 1);
    assert.equal(changes, done);
    await agent[Symbol.asyncDispose]();
  });

  it('comes back from the store with the same summary', async () => {
    const model = vendorModel(fileReader(40), window32k);
    const { agent, deps } = await agentOn(workspace, model);
    await agent.complete('Read the files.');
    const before = model.requests.findLast((request) => !isSummaryRequest(request))?.messages[0];
    await agent[Symbol.asyncDispose]();
    const again = await Agent.resume(agent.agentId, {}, deps);
    await again.complete('Go on.');
    const summaries = model.requests.filter((request) => textIn(request).includes('<summary>'));
    assert.ok(summaries.some(({ messages }) => messages.some((message) => textOf(message) === 'Go on.')));
    const first = model.requests.find(({ messages }) => messages.some((message) => textOf(message) === 'Go on.'));
    assert.deepEqual(first?.messages[0], before);
    await again[Symbol.asyncDispose]();
  });

  it('is whole again when it goes back to before the summary, and in a fork of that place', async () => {
    const model = vendorModel(fileReader(9), window32k);
    const { agent } = await agentOn(workspace, model);
    const first = await agent.send('First task.');
    await agent.complete();
    const second = await agent.send('Second task.');
    await agent.complete();
    await agent.complete('Third task.');
    assert.ok(compactionsIn(await historyOf(agent)).some(({ phase }) => phase === 'end'));
    const fork = await agent.fork(second);
    await fork.complete('Another second task.');
    const forked = model.requests.find((request) => textIn(request).includes('Another second task.'));
    assert.ok(forked && textIn(forked).includes('First task.') && !textIn(forked).includes('<summary>'));
    await agent.rewind(first);
    await agent.complete('Another first task.');
    const rewound = model.requests.find((request) => textIn(request).includes('Another first task.'));
    assert.ok(rewound && !textIn(rewound).includes('First task.') && !textIn(rewound).includes('<summary>'));
    await fork[Symbol.asyncDispose]();
    await agent[Symbol.asyncDispose]();
  });

  it('finds out that a server has a smaller window than the table says, and goes on', async () => {
    const model = vendorModel(fileReader(25), {
      windowTokens: 12_000,
      maxOutputTokens: 1_000,
      saidWindowTokens: 128_000,
    });
    const { agent } = await agentOn(workspace, model);
    const { status } = await agent.complete('Read the files.');
    assert.equal(status, 'ok');
    const reasons = compactionsIn(await historyOf(agent)).filter(({ phase }) => phase === 'end');
    assert.equal(reasons[0]?.reason, 'too_long');
    assert.ok(
      reasons.slice(1).every(({ reason }) => reason === 'automatic'),
      'it did not learn from the refusal',
    );
    await agent[Symbol.asyncDispose]();
  });

  it('fails clearly, after one try, when nothing can be made smaller', async () => {
    const model = vendorModel(() => ({ text: 'never' }), {
      windowTokens: 100,
      maxOutputTokens: 50,
      saidWindowTokens: 128_000,
    });
    const { agent } = await agentOn(workspace, model);
    const { status, error } = await agent.complete('Hello.');
    assert.equal(status, 'failed');
    assert.equal(error?.code, 'context_length');
    assert.equal((await historyOf(agent)).filter((event) => event.type === 'done').length, 1);
    await agent[Symbol.asyncDispose]();
  });

  it('keeps what was said when a vendor refuses in the middle of an answer, and does not begin it again', async () => {
    let asked = 0;
    const model = vendorModel(
      () => ({ text: `Half an answer ${++asked}`, error: new ContextLengthError('too long') }),
      window32k,
    );
    const { agent } = await agentOn(workspace, model);
    const { status, error } = await agent.complete('Talk.');
    assert.deepEqual([status, error?.code, asked], ['failed', 'context_length', 1]);
    const events = await historyOf(agent);
    assert.ok(events.some((event) => event.type === 'text_chunk_end' && event.text === 'Half an answer 1'));
    assert.ok(events.some((event) => event.type === 'token_usage' && event.estimated === true));
    await agent[Symbol.asyncDispose]();
  });

  it('still says what day it is when the message that said so was summed up', async () => {
    let date = '2026-11-20';
    const model = vendorModel(
      (request) => ({ text: isSummaryRequest(request) ? 'A record.' : 'word '.repeat(4_000) }),
      window32k,
    );
    const { agent } = await agentOn(workspace, model, {
      environment: {
        describe: async () => ({ ...noEnvironment, date }),
      },
    });
    await agent.complete('Talk.');
    date = '2026-11-21';
    for (const word of ['Talk on.', 'And on.', 'More.', 'Go on.']) await agent.complete(word);
    const last = model.requests.findLast((request) => textIn(request).includes('<summary>'));
    assert.ok(last && textIn(last).includes('Date: 2026-11-21'));
    await agent[Symbol.asyncDispose]();
  });

  it('goes on as it was when the summary fails while there is still room', async () => {
    const read = fileReader(12);
    const model = vendorModel(
      (request) => (isSummaryRequest(request) ? { error: new ServiceUnavailableError('down') } : read(request)),
      { ...window32k, windowTokens: 64_000, saidWindowTokens: 16_000 },
    );
    const { agent } = await agentOn(workspace, model);
    const { status } = await agent.complete('Read the files.');
    assert.equal(status, 'ok');
    const failed = compactionsIn(await historyOf(agent)).filter(({ phase }) => phase === 'failed');
    assert.ok(failed.length >= 1 && failed.length <= 5, `${failed.length} tries`);
    await agent[Symbol.asyncDispose]();
  });
});
