import type { ModelConnection } from '../../src/node/models/connection';
import { anthropic, anthropicSse, gemini, openAi, responses, responsesSse, sse } from './sse';

/** One wire format with the same answers in its words. Where a vendor has no words for something, the nearest that it has. */
export interface Wire {
  readonly name: string;
  /** Where the server's address and a key still belong to. */
  readonly connection: Pick<ModelConnection, 'vendor' | 'model' | 'api' | 'traits'>;
  /** Behind the server's address. */
  readonly path: string;
  /** The text `half`, and no end. */
  readonly half: string;
  /** The text `whole ✓`, 60 tokens in (30 of them cached), 5 out. */
  readonly whole: string;
  /** An error event with the words `Overloaded, come back`. */
  readonly overloaded: string;
  /** A call of fs_read that reached the limit of output in its arguments; undefined: this vendor sends calls whole. */
  readonly truncatedCall: string | undefined;
  /** The same without an end. */
  readonly cutCall: string;
  /** Thinking, text and two calls of fs_read: of `a.txt` and of `b ✓.txt`. */
  readonly twoCalls: string;
  /** An end of which nobody has heard. */
  readonly unknownEnd: string;
  /** An answer that the vendor's filter ended. */
  readonly filtered: string;
  /** What the vendor answers to too long a prompt. */
  readonly tooLong: string;
  readonly tooFast: string;
}

const openAiError = (message: string, more: object = {}): string => JSON.stringify({ error: { message, ...more } });
const anthropicError = (type: string, message: string): string =>
  JSON.stringify({ type: 'error', error: { type, message } });
const googleError = (code: number, status: string, message: string): string =>
  JSON.stringify({ error: { code, status, message } });

const startOfCall = [
  anthropic.start,
  anthropic.block(0, { type: 'tool_use', id: 'toolu_1', name: 'fs_read', input: {} }),
  anthropic.delta(0, { type: 'input_json_delta', partial_json: '{"path":"a.t' }),
];
const anthropicCall = (index: number, id: string, args: string): readonly { readonly type: string }[] => [
  anthropic.block(index, { type: 'tool_use', id, name: 'fs_read', input: {} }),
  anthropic.delta(index, { type: 'input_json_delta', partial_json: args.slice(0, 5) }),
  anthropic.delta(index, { type: 'input_json_delta', partial_json: args.slice(5) }),
  anthropic.stop(index),
];

const anthropicWire: Wire = {
  name: 'Anthropic Messages',
  connection: { vendor: 'anthropic', model: 'm-1' },
  path: '/v1',
  half: anthropicSse(
    anthropic.start,
    anthropic.block(0, { type: 'text', text: '' }),
    anthropic.delta(0, { type: 'text_delta', text: 'half' }),
  ),
  whole: anthropicSse(anthropic.start, ...anthropic.text(0, 'whole ✓'), ...anthropic.end('end_turn')),
  overloaded: anthropicSse({
    type: 'error',
    error: { type: 'overloaded_error', message: 'Overloaded, come back' },
  } as { type: string }),
  truncatedCall: anthropicSse(...startOfCall, anthropic.stop(0), ...anthropic.end('max_tokens')),
  cutCall: anthropicSse(...startOfCall),
  twoCalls: anthropicSse(
    anthropic.start,
    anthropic.block(0, { type: 'thinking', thinking: '', signature: '' }),
    anthropic.delta(0, { type: 'thinking_delta', thinking: 'Hm ✓' }),
    anthropic.delta(0, { type: 'signature_delta', signature: 'c2ln' }),
    anthropic.stop(0),
    ...anthropic.text(1, 'Looking ✓'),
    ...anthropicCall(2, 'toolu_a', '{"path":"a.txt"}'),
    ...anthropicCall(3, 'toolu_b', '{"path":"b ✓.txt"}'),
    ...anthropic.end('tool_use'),
  ),
  unknownEnd: anthropicSse(anthropic.start, ...anthropic.text(0, 'x'), ...anthropic.end('moonrise')),
  filtered: anthropicSse(anthropic.start, ...anthropic.text(0, 'x'), ...anthropic.end('refusal')),
  tooLong: anthropicError('invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'),
  tooFast: anthropicError('rate_limit_error', 'This request would exceed your rate limit'),
};

const chatCall = (index: number, id: string, args: string): unknown =>
  openAi.delta({ tool_calls: [{ index, id, type: 'function', function: { name: 'fs_read', arguments: args } }] });

const chatWire: Wire = {
  name: 'OpenAI Chat Completions',
  connection: { vendor: 'openai', model: 'm-1' },
  path: '/v1',
  half: sse(openAi.delta({ role: 'assistant', content: 'half' })),
  whole: sse(openAi.delta({ role: 'assistant', content: 'whole ✓' }), openAi.delta({}, 'stop'), openAi.usage, '[DONE]'),
  overloaded: sse({ error: { message: 'Overloaded, come back', type: 'server_error', code: 502 } }),
  truncatedCall: sse(
    chatCall(0, 'call_1', '{"path"'),
    openAi.delta({ tool_calls: [{ index: 0, function: { arguments: ':"a.t' } }] }),
    openAi.delta({}, 'length'),
    '[DONE]',
  ),
  cutCall: sse(chatCall(0, 'call_1', '{"path":"a.t')),
  twoCalls: sse(
    openAi.delta({ role: 'assistant', reasoning_content: 'Hm ✓' }),
    openAi.delta({ content: 'Looking ✓' }),
    chatCall(0, 'call_a', '{"path":"a.txt"}'),
    chatCall(1, 'call_b', '{"path":"b ✓.txt"}'),
    openAi.delta({}, 'tool_calls'),
    '[DONE]',
  ),
  unknownEnd: sse(openAi.delta({ content: 'x' }), openAi.delta({}, 'moonrise'), '[DONE]'),
  filtered: sse(openAi.delta({ content: 'x' }), openAi.delta({}, 'content_filter'), '[DONE]'),
  tooLong: openAiError("This model's maximum context length is 128000 tokens", { code: 'context_length_exceeded' }),
  tooFast: openAiError('Rate limit reached for m-1', { type: 'requests', code: 'rate_limit_exceeded' }),
};

const responsesWire: Wire = {
  name: 'OpenAI Responses',
  connection: { vendor: 'openai', model: 'gpt-5.4', api: 'responses' },
  path: '/v1',
  half: responsesSse(...responses.start, responses.begin(0), responses.delta(0, 'half')),
  whole: responsesSse(...responses.start, ...responses.text(0, 'whole ✓'), responses.end),
  overloaded: responsesSse({
    type: 'response.failed',
    response: { id: 'resp_1', error: { code: 'server_is_overloaded', message: 'Overloaded, come back' } },
  } as { type: string }),
  truncatedCall: responsesSse(
    ...responses.start,
    ...responses.call(0, 'call_1', 'fs_read', '{"path":"a.t'),
    responses.incomplete('max_output_tokens'),
  ),
  cutCall: responsesSse(...responses.start, ...responses.call(0, 'call_1', 'fs_read', '{"path":"a.t').slice(0, 2)),
  twoCalls: responsesSse(
    ...responses.start,
    ...responses.thought(0, 'Hm ✓'),
    ...responses.text(1, 'Looking ✓'),
    ...responses.call(2, 'call_a', 'fs_read', '{"path":"a.txt"}'),
    ...responses.call(3, 'call_b', 'fs_read', '{"path":"b ✓.txt"}'),
    responses.end,
  ),
  unknownEnd: responsesSse(...responses.start, ...responses.text(0, 'x'), responses.incomplete('moonrise')),
  filtered: responsesSse(...responses.start, ...responses.text(0, 'x'), responses.incomplete('content_filter')),
  tooLong: openAiError('Your input exceeds the context window of this model.', { code: 'context_length_exceeded' }),
  tooFast: openAiError('Rate limit reached for gpt-5.4', { type: 'tokens', code: 'rate_limit_exceeded' }),
};

const geminiCall = (id: string, path: string, signature?: string): object => ({
  functionCall: { id, name: 'fs_read', args: { path } },
  ...(signature !== undefined && { thoughtSignature: signature }),
});

const geminiWire: Wire = {
  name: 'Google Gemini',
  connection: { vendor: 'google', model: 'gemini-3.8-flash' },
  path: '/v1beta',
  half: sse(gemini.parts([{ text: 'half' }])),
  whole: sse(gemini.parts([{ text: 'whole ✓' }]), { ...gemini.parts([{ text: '' }], 'STOP'), ...gemini.usage }),
  overloaded: sse({ error: { code: 503, message: 'Overloaded, come back', status: 'UNAVAILABLE' } }),
  truncatedCall: undefined,
  cutCall: sse(gemini.parts([geminiCall('call_1', 'a.txt', 'sig')])),
  twoCalls: sse(
    gemini.parts([{ text: 'Hm ✓', thought: true }]),
    gemini.parts([{ text: 'Looking ✓' }]),
    gemini.parts([geminiCall('call_a', 'a.txt', 'sig')]),
    { ...gemini.parts([geminiCall('call_b', 'b ✓.txt')], 'STOP'), ...gemini.usage },
  ),
  unknownEnd: sse(gemini.parts([{ text: 'x' }], 'MOONRISE')),
  filtered: sse(gemini.parts([{ text: 'x' }], 'SAFETY')),
  tooLong: googleError(
    400,
    'INVALID_ARGUMENT',
    'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
  ),
  tooFast: googleError(429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota, please check your plan.'),
};

export const wires: readonly Wire[] = [anthropicWire, chatWire, responsesWire, geminiWire];

/** Servers on this machine are reached by another way than the rest of the world. */
export const localWire: Wire = {
  ...chatWire,
  name: 'a local server',
  connection: { vendor: 'ollama', model: 'm-1' },
};
