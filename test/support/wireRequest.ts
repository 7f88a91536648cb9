import type { ModelRequest } from '../../src/core/model/provider';
import { asCallId } from '../../src/core/protocol/ids';
import type { ContentBlock, Message } from '../../src/core/protocol/messages';
import type { ModelConnection } from '../../src/node/models/connection';
import { openModel } from '../../src/node/models/providers';
import type { FaultServer } from './faultServer';
import { anthropic, anthropicSse, openAi, sse } from './sse';
import { message, readAll, result, text, use, type Read } from './streams';

/** What tests look at in a request to Anthropic. */
export interface AnthropicBody {
  readonly model: string;
  readonly max_tokens: number;
  readonly thinking?: unknown;
  readonly system: readonly AnthropicPart[];
  readonly tools: readonly { readonly name: string; readonly cache_control?: unknown }[];
  readonly messages: readonly { readonly role: string; readonly content: readonly AnthropicPart[] }[];
}
export interface AnthropicPart {
  readonly type: string;
  readonly text?: string;
  readonly id?: string;
  readonly input?: unknown;
  readonly tool_use_id?: string;
  readonly content?: string;
  readonly is_error?: boolean;
  readonly source?: unknown;
  readonly cache_control?: unknown;
}

/** The same for Chat Completions. */
export interface OpenAiBody {
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
  readonly temperature?: number;
  readonly reasoning_effort?: string;
  readonly stream_options?: unknown;
  readonly messages: readonly {
    readonly role: string;
    readonly content: string | readonly { readonly image_url?: { readonly url: string } }[];
    readonly reasoning_content?: string;
    readonly tool_call_id?: string;
    readonly tool_calls?: readonly { readonly function: unknown }[];
  }[];
}

export const anthropicHi = anthropicSse(anthropic.start, ...anthropic.text(0, 'hi'), ...anthropic.end('end_turn'));
export const openAiHi = sse(openAi.delta({ content: 'hi' }), openAi.delta({}, 'stop'), '[DONE]');

const denied: ContentBlock = {
  type: 'tool_result',
  tool_use_id: asCallId('call_b'),
  content: { ok: false, error: 'not allowed', errorType: 'denied', retryable: false, note: 'use b.test.ts' },
  is_error: true,
};

/** A history with everything in it: text, two calls, a result, a denial, an image. */
export const history: readonly Message[] = [
  message('user', text('compare')),
  message(
    'assistant',
    text('Looking.'),
    use('call_a', 'fs_read', { path: 'a' }),
    use('call_b', 'fs_read', { path: 'b' }),
  ),
  message('user', result('call_a', 'text of a'), denied),
  message('assistant', text('They differ.')),
  message('user', text('How?'), { type: 'image', mimeType: 'image/png', base64: 'iVBORw0KGgo=' }),
];

export interface Sent<Body> extends Read {
  readonly raw: string;
  readonly body: Body;
}

/** Sends a request to the server, which answers with `answer`; gives back what went over the wire and what came. */
export async function sendTo<Body>(
  server: FaultServer,
  connection: Partial<ModelConnection> & { readonly vendor: string },
  asked: ModelRequest,
  answer: string,
): Promise<Sent<Body>> {
  server.answer({ body: answer });
  const model = await openModel({ model: 'm-1', apiKey: 'the-key', baseUrl: `${server.url}/v1/`, ...connection });
  const read = await readAll(model.stream(asked, new AbortController().signal));
  const raw = server.requests.at(-1)?.body ?? '{}';
  return { ...read, raw, body: JSON.parse(raw) as Body };
}
