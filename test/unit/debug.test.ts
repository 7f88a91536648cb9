import { strict as assert } from 'node:assert';
import { Agent } from '../../src/core/agent/agent';
import type { DebugOptions } from '../../src/core/debug/debugConfig';
import { ModelError } from '../../src/core/model/provider';
import { defineTool } from '../../src/core/tools/defineTool';
import { dependenciesFor, workspaceWith, type Workspace } from '../support/agents';

/** Of no shape that a pattern would know. */
const key = 'hunter2-correct-horse';

describe('the debug log', () => {
  let workspace: Workspace;
  before(async () => {
    workspace = await workspaceWith();
  });
  after(() => workspace.remove());

  /** A session with a key in every place where one can be. */
  async function linesOf(debug: DebugOptions): Promise<readonly string[]> {
    const lines: string[] = [];
    const fails = defineTool({
      ...{ name: 'fails', description: 'f', input_schema: { type: 'object' } },
      exec: () => {
        throw new Error(`Authorization: Bearer ${key}`);
      },
    });
    const deps = dependenciesFor({
      workspace,
      tools: [fails],
      script: [
        { error: new ModelError('rate_limit', `Too many with ${key}.`) },
        { text: `I keep ${key}.`, calls: [{ name: 'fails', input: { apiKey: key } }] },
        { text: `The end of ${key}.` },
      ],
    });
    const agent = await Agent.create(
      { templateId: 'test', agentId: 'a1' },
      { ...deps, debug: { log: (line) => lines.push(line), ...debug } },
    );
    await agent.complete(`Use ${key}.`);
    await agent.tell(key);
    await agent[Symbol.asyncDispose]();
    return lines;
  }

  it('tells by default what calls take, what came from the cache, and every retry', async () => {
    const lines = await linesOf({});
    assert.match(lines[0] ?? '', /^countersign a1 retry 1 in \d+ ms after rate_limit$/);
    assert.match(lines[1] ?? '', /^countersign a1 tokens scripted: \d+ in, \d+ out, \d+ in all, cost 0 USD$/);
    assert.match(lines[2] ?? '', /^countersign a1 cache: 0 of \d+ input tokens read \(0 %\), 0 written$/);
    assert.equal(lines.length, 5);
  });

  it('leaves out what is switched off', async () => {
    const none = { logTokenUsage: false, logCache: false, logRetries: false };
    assert.deepEqual(await linesOf(none), []);
    assert.equal((await linesOf({ ...none, logCache: true })).length, 2);
    assert.equal((await linesOf({ ...none, logRetries: true })).length, 1);
  });

  it('tells every event when it is verbose, deltas excepted', async () => {
    const lines = await linesOf({ verbose: true });
    for (const type of ['user_message', 'tool:start', 'tool:error', 'text_chunk_end', 'done', 'state_changed'])
      assert.ok(
        lines.some((line) => line.includes(` ${type}`)),
        `${type} is missing`,
      );
    assert.equal(
      lines.some((line) => / text_chunk /.test(line)),
      false,
    );
    assert.ok(lines.some((line) => line.includes('tool:error') && line.includes('call.name=fails')));
  });

  it('never holds a key: not from a prompt, an argument, an error or a header (K69)', async () => {
    for (const debug of [{}, { verbose: true }, { verbose: true, redactSensitive: undefined }]) {
      const lines = await linesOf(debug as DebugOptions);
      assert.ok(lines.length > 0);
      assert.deepEqual(
        lines.filter((line) => line.includes(key) || line.includes('hunter2')),
        [],
      );
    }
  });

  it('holds everything when redaction is switched off', async () => {
    const lines = await linesOf({ verbose: true, redactSensitive: false });
    assert.ok(lines.some((line) => line.includes('user_message') && line.includes(key)));
    assert.ok(lines.some((line) => line.includes('retry 1') && line.includes(key)));
  });

  it('takes the shapes of keys even out of names', async () => {
    const lines: string[] = [];
    const script = [{ calls: [{ name: 'sk-abcdefghijklmnop1234', input: {} }] }, { text: 'Done.' }];
    const debug = { verbose: true, log: (line: string) => lines.push(line) };
    const agent = await Agent.create({ templateId: 'test' }, { ...dependenciesFor({ workspace, script }), debug });
    await agent.complete('Go');
    await agent[Symbol.asyncDispose]();
    assert.ok(lines.some((line) => line.includes('call.name=[redacted]')));
    assert.equal(lines.join().includes('abcdefghijklmnop'), false);
  });

  it('never gets in the way: a log that throws is written no more, and the turn goes on', async () => {
    let written = 0;
    const lines = await linesOf({
      verbose: true,
      log: () => {
        written++;
        throw new Error('The disk is full.');
      },
    });
    assert.deepEqual([written, lines.length], [1, 0]);
  });

  it('refuses what is no setting of it', async () => {
    const debug = { redactSensitive: 'no' } as unknown as DebugOptions;
    const deps = { ...dependenciesFor({ workspace, script: [] }), debug };
    await assert.rejects(Agent.create({ templateId: 'test' }, deps), {
      code: 'invalid_value',
      message: /redactSensitive is "no"/,
    });
  });
});
