import { strict as assert } from 'node:assert';
import type { ModelRequest } from '../../src/core/model/provider';
import type { ContentBlock } from '../../src/core/protocol/messages';
import type { JsonObject } from '../../src/core/util/json';
import type { ModelConnection } from '../../src/node/models/connection';
import { startFaultServer, type FaultServer } from '../support/faultServer';
import { anthropic, anthropicSse } from '../support/sse';
import { chunksOfType, message, request, result, text, use } from '../support/streams';
import { anthropicHi, history, sendTo, type AnthropicBody, type Sent } from '../support/wireRequest';

type Connection = Partial<ModelConnection> & { readonly vendor: string };

describe('What goes over the wire to Anthropic', () => {
  let server: FaultServer;
  beforeEach(async () => {
    server = await startFaultServer();
  });
  afterEach(() => server.stop());
  const send = (connection: Connection, asked: ModelRequest, answer = anthropicHi): Promise<Sent<AnthropicBody>> =>
    sendTo(server, connection, asked, answer);

  const vendor = 'anthropic';

  it('carries key, path, system prompt, calls, results, denials and images in their places', async () => {
    const { body, error } = await send({ vendor, model: 'claude-sonnet-5-5' }, request(history));
    assert.equal(error, undefined);
    const sent = server.requests.at(-1);
    assert.equal(sent?.path, '/v1/messages');
    assert.equal(sent.headers['x-api-key'], 'the-key');
    assert.equal(body.model, 'claude-sonnet-5-5');
    assert.equal(body.max_tokens, 128_000);
    assert.equal(body.system[0]?.text, 'You are a test.');
    assert.deepEqual(
      body.messages.map((turn) => turn.role),
      ['user', 'assistant', 'user', 'assistant', 'user'],
    );
    assert.deepEqual(body.messages[1]?.content[1], {
      type: 'tool_use',
      id: 'call_a',
      name: 'fs_read',
      input: { path: 'a' },
    });
    const [first, second] = body.messages[2]!.content;
    assert.ok(first?.content !== undefined && second?.content !== undefined);
    assert.deepEqual(
      [first.type, first.tool_use_id, JSON.parse(first.content)],
      ['tool_result', 'call_a', { ok: true, data: 'text of a' }],
    );
    assert.deepEqual([second.tool_use_id, second.is_error], ['call_b', true]);
    assert.deepEqual(JSON.parse(second.content), {
      ok: false,
      error: 'not allowed',
      errorType: 'denied',
      retryable: false,
      note: 'use b.test.ts',
    });
    assert.deepEqual(body.messages[4]?.content[1]?.source, {
      type: 'base64',
      media_type: 'image/png',
      data: 'iVBORw0KGgo=',
    });
  });

  it('marks system, tools and the last two user turns for the cache, and nothing else', async () => {
    const { raw, body } = await send({ vendor }, request(history));
    const mark = { type: 'ephemeral' };
    assert.deepEqual(body.system[0]?.cache_control, mark);
    assert.deepEqual(body.tools.at(-1)?.cache_control, mark);
    assert.deepEqual(body.messages[4]?.content.at(-1)?.cache_control, mark);
    assert.deepEqual(body.messages[2]?.content.at(-1)?.cache_control, mark);
    assert.equal(raw.split('cache_control').length - 1, 4);
  });

  it('begins with the same bytes at every step, the moving marks aside', async () => {
    /** Everything up to the end of the third message, in the order of its keys. */
    const prefix = (raw: string): string => {
      const body = JSON.parse(raw.split(',"cache_control":{"type":"ephemeral"}').join('')) as AnthropicBody;
      return JSON.stringify([body.system, body.tools, body.messages.slice(0, 3)]);
    };
    const shorter = prefix((await send({ vendor }, request(history.slice(0, 3)))).raw);
    const longer = prefix((await send({ vendor }, request(structuredClone(history)))).raw);
    assert.ok(shorter.includes('text of a'), 'the compared part must hold the first three messages');
    assert.equal(longer, shorter);
  });

  it('gives thinking back with the signature it came with, and shows the summary on the way', async () => {
    const thinking = anthropicSse(
      anthropic.start,
      anthropic.block(0, { type: 'thinking', thinking: '', signature: '' }),
      anthropic.delta(0, { type: 'thinking_delta', thinking: 'Let me ' }),
      anthropic.delta(0, { type: 'thinking_delta', thinking: 'see.' }),
      anthropic.delta(0, { type: 'signature_delta', signature: 'c2lnbmVk' }),
      anthropic.stop(0),
      anthropic.block(1, { type: 'redacted_thinking', data: 'hidden==' }),
      anthropic.stop(1),
      ...anthropic.text(2, 'Seen.'),
      ...anthropic.end('end_turn'),
    );
    const first = await send(
      { vendor, model: 'claude-sonnet-5-5' },
      request([message('user', text('think'))]),
      thinking,
    );
    assert.deepEqual(first.body.thinking, { type: 'adaptive', display: 'summarized' });
    assert.equal(
      chunksOfType(first.chunks, 'reasoning')
        .map((chunk) => chunk.delta)
        .join(''),
      'Let me see.',
    );
    const [signed, redacted] = chunksOfType(first.chunks, 'reasoning_end').map((chunk) => chunk.data);
    assert.ok(signed && redacted);
    const thought = (reasoning: string, data: JsonObject): ContentBlock => ({
      type: 'reasoning',
      reasoning,
      meta: { vendor, data },
    });
    const next = [
      message('user', text('think')),
      message('assistant', thought('Let me see.', signed), thought('', redacted), text('Seen.')),
      message('user', text('go on')),
    ];
    const { body } = await send({ vendor, model: 'claude-sonnet-5-5' }, request(next));
    assert.deepEqual(body.messages[1]?.content, [
      { type: 'thinking', thinking: 'Let me see.', signature: 'c2lnbmVk' },
      { type: 'redacted_thinking', data: 'hidden==' },
      { type: 'text', text: 'Seen.' },
    ]);
  });

  it('drops the thinking of another vendor, and an answer that was nothing else', async () => {
    const foreign: ContentBlock = {
      type: 'reasoning',
      reasoning: 'secret plan',
      meta: { vendor: 'openrouter', data: {} },
    };
    const unsigned: ContentBlock = { type: 'reasoning', reasoning: 'secret plan' };
    const { raw, body } = await send(
      { vendor },
      request([message('user', text('a')), message('assistant', foreign, unsigned), message('user', text('b'))]),
    );
    assert.doesNotMatch(raw, /secret plan/);
    assert.deepEqual(body.messages.length, 1);
  });

  it('renames call ids that Anthropic would refuse, on both sides, and wraps arguments that are no object', async () => {
    const { body } = await send(
      { vendor },
      request([
        message('user', text('a')),
        message('assistant', use('functions.fs_read:0', 'fs_read', ['odd']), use('fine', 'fs_read', {})),
        message('user', result('functions.fs_read:0', 'x'), result('fine', 'y')),
      ]),
    );
    const [odd, fine] = body.messages[1]!.content;
    assert.ok(odd?.id !== undefined && fine);
    assert.match(odd.id, /^[a-zA-Z0-9_-]+$/);
    assert.deepEqual([odd.input, fine.id], [{ value: ['odd'] }, 'fine']);
    assert.deepEqual(
      body.messages[2]?.content.map((part) => part.tool_use_id),
      [odd.id, 'fine'],
    );
  });

  it('leaves out text without a visible character, which Anthropic refuses', async () => {
    const { body } = await send(
      { vendor },
      request([
        message('user', text('a')),
        message('assistant', text('\n'), text('b')),
        message('user', text(' '), text('c')),
      ]),
    );
    assert.deepEqual(
      body.messages.map((turn) => turn.content.map((part) => part.text)),
      [['a'], ['b'], ['c']],
    );
  });

  it('counts the cached part as input too', async () => {
    const { chunks } = await send({ vendor }, request(history));
    assert.deepEqual(chunksOfType(chunks, 'usage')[0]?.usage, {
      inputTokens: 60,
      outputTokens: 5,
      totalTokens: 65,
      cacheReadTokens: 30,
      cacheWriteTokens: 20,
    });
  });
});
