import { strict as assert } from 'node:assert';
import type { ModelRequest } from '../../src/core/model/provider';
import type { ContentBlock, Message } from '../../src/core/protocol/messages';
import type { ModelConnection } from '../../src/node/models/connection';
import { startFaultServer, type FaultServer } from '../support/faultServer';
import { openAi, sse } from '../support/sse';
import { chunksOfType, message, request, result, text, use } from '../support/streams';
import { history, openAiHi, sendTo, type OpenAiBody, type Sent } from '../support/wireRequest';

function textIn(turn: OpenAiBody['messages'][number] | undefined): string {
  return typeof turn?.content === 'string' ? turn.content : '';
}

type Connection = Partial<ModelConnection> & { readonly vendor: string };

describe('What goes over the wire to OpenAI and to those who speak its language', () => {
  let server: FaultServer;
  beforeEach(async () => {
    server = await startFaultServer();
  });
  afterEach(() => server.stop());
  const send = (connection: Connection, asked: ModelRequest, answer = openAiHi): Promise<Sent<OpenAiBody>> =>
    sendTo(server, connection, asked, answer);

  describe('to an OpenAI-compatible endpoint', () => {
    const vendor = 'openai-compatible';

    it('carries key, path, calls, results and images in their places and asks for the usage', async () => {
      const { body, error } = await send(
        { vendor, headers: { 'x-team': 'blue' }, traits: { images: true } },
        request(history),
      );
      assert.equal(error, undefined);
      const sent = server.requests.at(-1);
      assert.equal(sent?.path, '/v1/chat/completions');
      assert.deepEqual([sent.headers.authorization, sent.headers['x-team']], ['Bearer the-key', 'blue']);
      assert.deepEqual(body.stream_options, { include_usage: true });
      assert.equal(body.max_tokens, undefined);
      const turns = body.messages;
      assert.deepEqual(
        turns.map((turn) => turn.role),
        ['system', 'user', 'assistant', 'tool', 'tool', 'assistant', 'user'],
      );
      assert.deepEqual(body.messages[2]?.tool_calls?.[0]?.function, { name: 'fs_read', arguments: '{"path":"a"}' });
      assert.deepEqual(
        [turns[3]?.tool_call_id, JSON.parse(textIn(turns[3]))],
        ['call_a', { ok: true, data: 'text of a' }],
      );
      assert.match(textIn(turns[4]), /use b\.test\.ts/);
      const said = body.messages[6]?.content;
      assert.ok(typeof said === 'object');
      assert.equal(said[1]?.image_url?.url, 'data:image/png;base64,iVBORw0KGgo=');
    });

    it('sends no Authorization where there is no key', async () => {
      await send({ vendor, apiKey: ' ' }, request(history));
      assert.equal(server.requests.at(-1)?.headers.authorization, undefined);
    });

    it('gives reasoning back to the models that need it between tool calls, and to no other', async () => {
      const thought: ContentBlock = { type: 'reasoning', reasoning: 'Hm.', meta: { vendor, data: {} } };
      const asked: readonly Message[] = [
        message('user', text('a')),
        message('assistant', thought, use('call_a', 'fs_read', {})),
        message('user', result('call_a', 'x')),
      ];
      const answer = sse(
        openAi.delta({ reasoning_content: 'Hm.' }),
        openAi.delta({ content: 'hi' }),
        openAi.delta({}, 'stop'),
      );
      const needs = await send({ vendor, model: 'deepseek-v3.2' }, request(asked), answer);
      assert.equal(needs.body.messages[2]?.reasoning_content, 'Hm.');
      assert.deepEqual(chunksOfType(needs.chunks, 'reasoning_end'), [{ type: 'reasoning_end', data: {} }]);
      const other = await send({ vendor, model: 'some-model' }, request([message('user', text('a'))]), answer);
      assert.deepEqual(chunksOfType(other.chunks, 'reasoning_end'), [{ type: 'reasoning_end' }]);
    });
  });

  describe('to OpenAI', () => {
    const vendor = 'openai';

    it('names the output limit as its reasoning models want it and leaves out a temperature they refuse', async () => {
      const { body } = await send(
        { vendor, model: 'gpt-5.4' },
        request(history, { maxOutputTokens: 500, temperature: 0.3 }),
      );
      assert.deepEqual(
        [body.max_completion_tokens, body.max_tokens, body.temperature, body.reasoning_effort],
        [500, undefined, undefined, undefined],
      );
      const classic = await send(
        { vendor, model: 'gpt-4.1' },
        request(history, { maxOutputTokens: 500, temperature: 0.3 }),
      );
      assert.deepEqual([classic.body.max_completion_tokens, classic.body.temperature], [500, 0.3]);
    });

    it('switches reasoning off where the endpoint would refuse tools beside it', async () => {
      for (const model of ['gpt-5.5', 'gpt-5.6-terra', 'gpt-5.10'])
        for (const effort of [{}, { effort: 'high' }] as const)
          assert.equal(
            (await send({ vendor, model, ...effort }, request(history))).body.reasoning_effort,
            'none',
            model,
          );
      const efforts = {
        'gpt-5': 'high',
        'gpt-5.1': 'high',
        'gpt-5.2': undefined,
        'gpt-5.4': undefined,
        'gpt-6': 'high',
      };
      for (const [model, sent] of Object.entries(efforts))
        assert.equal(
          (await send({ vendor, model, effort: 'high' }, request(history))).body.reasoning_effort,
          sent,
          model,
        );
      const withoutTools = await send(
        { vendor, model: 'gpt-5.6' },
        request([message('user', text('a'))], { tools: [] }),
      );
      assert.equal(withoutTools.body.reasoning_effort, undefined);
    });
  });

  it('never holds a tool whose arguments are not an object: that is told before anything is sent', async () => {
    const tool = { name: 'odd', description: 'odd', inputSchema: { type: 'string' } };
    const { error } = await send({ vendor: 'openai' }, request([message('user', text('a'))], { tools: [tool] }));
    assert.match(String(error), /tool odd .*"string"/);
    assert.equal(server.requests.length, 0);
  });
});
