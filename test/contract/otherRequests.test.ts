import { strict as assert } from 'node:assert';
import type { ModelRequest } from '../../src/core/model/provider';
import type { ContentBlock } from '../../src/core/protocol/messages';
import type { JsonObject } from '../../src/core/util/json';
import type { ModelConnection } from '../../src/node/models/connection';
import { startFaultServer, type FaultServer } from '../support/faultServer';
import { responses, responsesSse } from '../support/sse';
import { chunksOfType, message, request, result, text, use } from '../support/streams';
import { history, sendTo, type Sent } from '../support/wireRequest';
import { wires } from '../support/wires';

/** Of an item of the Responses API, what tests look at. */
interface Item {
  readonly type?: string;
  readonly role?: string;
  readonly call_id?: string;
  readonly arguments?: string;
  readonly output?: string;
}

type Connection = Partial<ModelConnection> & { readonly vendor: string };

const hello = request([message('user', text('hello'))]);
const gpt: Connection = { vendor: 'openai', model: 'gpt-5.4', api: 'responses' };
const gemini: Connection = { vendor: 'google', model: 'gemini-3.8-flash' };
const claude: Connection = { vendor: 'anthropic', model: 'claude-sonnet-5-5' };
const chat: Connection = { vendor: 'openai-compatible', model: 'm-1' };
const connections = [claude, chat, gpt, gemini];

describe('What goes over the wire', () => {
  let server: FaultServer;
  before(async () => {
    server = await startFaultServer();
  });
  after(() => server.stop());

  const send = (connection: Connection, asked: ModelRequest, answer?: string): Promise<Sent<JsonObject>> => {
    const at = connections.findIndex((one) => one.vendor === connection.vendor);
    return sendTo(server, connection, asked, answer ?? wires[at]?.whole ?? wires[1]?.whole ?? '');
  };
  const lastRequest = (): FaultServer['requests'][number] => {
    const sent = server.requests.at(-1);
    assert.ok(sent);
    return sent;
  };

  it("carries everything in its place to OpenAI's Responses and stores nothing there", async () => {
    const { body, error } = await send(gpt, request(history));
    assert.equal(error, undefined);
    assert.equal(lastRequest().path, '/v1/responses');
    assert.equal(lastRequest().headers.authorization, 'Bearer the-key');
    assert.equal(body['store'], false);
    assert.deepEqual(body['include'], ['reasoning.encrypted_content']);
    const input = body['input'] as readonly Item[];
    assert.deepEqual(
      input.map((item) => item.type ?? item.role),
      [
        'developer',
        'user',
        'assistant',
        'function_call',
        'function_call',
        'function_call_output',
        'function_call_output',
        'assistant',
        'user',
      ],
    );
    assert.deepEqual([input[3]?.call_id, input[3]?.arguments], ['call_a', '{"path":"a"}']);
    assert.deepEqual(
      [input[5]?.call_id, JSON.parse(input[5]?.output ?? '')],
      ['call_a', { ok: true, data: 'text of a' }],
    );
    assert.match(input[6]?.output ?? '', /use b\.test\.ts/);
  });

  it('leaves a thought out that came without its encrypted content: OpenAI has no more than its name', async () => {
    const bare: ContentBlock = {
      type: 'reasoning',
      reasoning: 'Hm.',
      meta: { vendor: 'openai', data: { openai: { itemId: 'rs_9', reasoningEncryptedContent: null } } },
    };
    const { raw } = await send(
      gpt,
      request([message('user', text('a')), message('assistant', bare, text('b')), ...history]),
    );
    assert.doesNotMatch(raw, /rs_9|Hm\./);
  });

  it('puts the parts of a thought together again', async () => {
    const thinking = responsesSse(
      ...responses.start,
      ...responses.thought(0, 'First.', 'Second.'),
      ...responses.text(1, 'Done.'),
      responses.end,
    );
    const first = await send(gpt, hello, thinking);
    const ends = chunksOfType(first.chunks, 'reasoning_end').map((chunk) => chunk.data);
    assert.equal(ends.length, 2);
    const thoughts = ['First.', 'Second.'].map((reasoning, at): ContentBlock => {
      const data = ends[at];
      assert.ok(data);
      return { type: 'reasoning', reasoning, meta: { vendor: 'openai', data } };
    });
    const { body } = await send(gpt, request([...hello.messages, message('assistant', ...thoughts, text('Done.'))]));
    assert.deepEqual((body['input'] as readonly JsonObject[])[2], {
      type: 'reasoning',
      id: 'rs_0',
      encrypted_content: 'c2VjcmV0',
      summary: [
        { type: 'summary_text', text: 'First.' },
        { type: 'summary_text', text: 'Second.' },
      ],
    });
  });

  it('counts what was cached and what was thought', async () => {
    for (const connection of [gpt, gemini]) {
      const { chunks } = await send(connection, hello);
      assert.deepEqual(chunksOfType(chunks, 'usage')[0]?.usage, {
        inputTokens: 60,
        outputTokens: 5,
        totalTokens: 65,
        cacheReadTokens: 30,
        cacheWriteTokens: 0,
        reasoningTokens: 3,
      });
    }
  });

  it('carries everything in its place to Gemini', async () => {
    const { body, error } = await send(gemini, request(history));
    assert.equal(error, undefined);
    assert.equal(lastRequest().path, '/v1/models/gemini-3.8-flash:streamGenerateContent?alt=sse');
    assert.equal(lastRequest().headers['x-goog-api-key'], 'the-key');
    assert.deepEqual(body['systemInstruction'], { parts: [{ text: 'You are a test.' }] });
    const contents = body['contents'] as readonly { role: string; parts: readonly JsonObject[] }[];
    assert.deepEqual(
      contents.map(({ role, parts }) => `${role} ${parts.map((part) => Object.keys(part)[0]).join()}`),
      [
        'user text',
        'model text,functionCall,functionCall',
        'user functionResponse,functionResponse',
        'model text',
        'user text,inlineData',
      ],
    );
  });

  it('merges the options of the user into every request, by the names that the vendor gave them', async () => {
    const options = { service_tier: 'flex', generationConfig: { seed: 7 }, nested: { list: [1] } };
    for (const connection of connections) {
      const { body } = await send({ ...connection, options }, request(history));
      assert.deepEqual([body['service_tier'], body['nested']], ['flex', { list: [1] }]);
      assert.equal((body['generationConfig'] as JsonObject)['seed'], 7);
    }
    const { body } = await send({ ...gemini, options }, hello);
    assert.deepEqual(body['generationConfig'], { thinkingConfig: { includeThoughts: true }, seed: 7 });
  });

  it('gives Azure the key in its own header, by either API', async () => {
    const azure: Connection = { vendor: 'azure', model: 'my-deployment' };
    await send(azure, hello);
    assert.equal(lastRequest().path, '/v1/chat/completions');
    assert.deepEqual([lastRequest().headers['api-key'], lastRequest().headers.authorization], ['the-key', undefined]);
    await send({ ...azure, api: 'responses' }, hello, wires[2]?.whole);
    assert.deepEqual([lastRequest().path, lastRequest().headers['api-key']], ['/v1/responses', 'the-key']);
  });

  it('gives Mistral calls only names of nine letters and digits', async () => {
    const { body } = await send(
      { vendor: 'mistral', model: 'm-1' },
      request([
        message('user', text('a')),
        message('assistant', use('call_abc', 'fs_read', {}), use('abcDEF123', 'fs_read', {})),
        message('user', result('call_abc', 'x'), result('abcDEF123', 'y')),
      ]),
    );
    const messages = body['messages'] as readonly JsonObject[];
    const calls = messages[2]?.['tool_calls'] as readonly JsonObject[];
    assert.deepEqual(
      calls.map((call) => call['id']),
      ['call00000', 'abcDEF123'],
    );
    assert.deepEqual(
      messages.slice(3).map((one) => one['tool_call_id']),
      ['call00000', 'abcDEF123'],
    );
  });

  it('lets a model of Mistral answer to results before the user speaks again, and no other model', async () => {
    const stopped = [
      message('user', text('a')),
      message('assistant', use('abcDEF123', 'fs_read', {})),
      message('user', result('abcDEF123', 'x')),
    ];
    const roles = async (connection: Connection, ...more: typeof stopped): Promise<string> => {
      const { body } = await send(connection, request([...stopped, ...more]));
      return (body['messages'] as readonly { readonly role: string }[]).map((one) => one.role).join(' ');
    };
    const again = message('user', text('b'));
    const goesOn = message('assistant', text('c'));
    for (const model of ['m-1', 'mistralai/Devstral-Small', 'codestral:22b', 'magistral', 'mixtral']) {
      const mistral: Connection = { vendor: model === 'm-1' ? 'mistral' : 'vllm', model };
      assert.equal(await roles(mistral, again), 'system user assistant tool assistant user');
      assert.equal(await roles(mistral, goesOn, again), 'system user assistant tool assistant user');
      assert.equal(await roles(mistral), 'system user assistant tool');
    }
    assert.equal(await roles(chat, again), 'system user assistant tool user');
    const both = [...stopped.slice(0, 2), message('user', result('abcDEF123', 'x'), text('and b'))];
    const { raw, body } = await send({ vendor: 'mistral', model: 'm-1' }, request(both));
    assert.deepEqual((body['messages'] as readonly JsonObject[])[4], { role: 'assistant', content: 'Understood.' });
    assert.equal((await send({ vendor: 'mistral', model: 'm-1' }, request(structuredClone(both)))).raw, raw);
  });

  describe('of pictures and documents', () => {
    const pdf: ContentBlock = { type: 'file', mimeType: 'application/pdf', base64: 'JVBERi0=', filename: 'plan.pdf' };
    const picture: ContentBlock = { type: 'image', mimeType: 'image/png', base64: 'iVBORw0KGgo=' };
    const asked = request([
      message('user', text('before'), pdf, picture),
      message('assistant', text('Seen.')),
      message('user', text('after'), pdf, picture),
    ]);

    it('is both, in the old part of the conversation and in the new one, where the model reads them', async () => {
      for (const connection of connections) {
        const { raw, error } = await send({ ...connection, traits: { images: true, pdf: true } }, asked);
        assert.equal(error, undefined);
        assert.equal(raw.split('JVBERi0=').length - 1, 2, connection.vendor);
        assert.equal(raw.split('iVBORw0KGgo=').length - 1, 2, connection.vendor);
      }
    });

    it('is a word in the place of a file of another kind, which no model is sent', async () => {
      const csv: ContentBlock = { type: 'file', mimeType: 'text/csv', base64: 'YSxi', filename: 'a.csv' };
      for (const connection of connections) {
        const { raw, error } = await send({ ...connection, traits: { pdf: true } }, request([message('user', csv)]));
        assert.equal(error, undefined);
        assert.doesNotMatch(raw, /YSxi/);
        assert.match(raw, /\[The document a\.csv was here; this model cannot read it\.\]/);
      }
    });

    it('is a word in their place where it does not', async () => {
      for (const connection of connections) {
        const { raw, error } = await send({ ...connection, traits: { images: false, pdf: false } }, asked);
        assert.equal(error, undefined);
        assert.doesNotMatch(raw, /JVBERi0=|iVBORw0KGgo=/);
        assert.equal(raw.split('[An image was here; this model cannot see images.]').length - 1, 2);
        assert.equal(raw.split('[The document plan.pdf was here; this model cannot read it.]').length - 1, 2);
      }
    });
  });
});
