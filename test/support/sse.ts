/** Bodies of streams as the vendors send them, piece by piece, for the fault server. */
export const sse = (...events: readonly unknown[]): string =>
  events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('');

/** Anthropic names its events a second time. */
export const anthropicSse = (...events: readonly { readonly type: string }[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');

export const anthropic = {
  start: {
    type: 'message_start',
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 10, output_tokens: 1, cache_creation_input_tokens: 20, cache_read_input_tokens: 30 },
    },
  },
  block: (index: number, block: unknown) => ({ type: 'content_block_start', index, content_block: block }),
  delta: (index: number, delta: unknown) => ({ type: 'content_block_delta', index, delta }),
  stop: (index: number) => ({ type: 'content_block_stop', index }),
  text: (index: number, text: string) => [
    anthropic.block(index, { type: 'text', text: '' }),
    anthropic.delta(index, { type: 'text_delta', text }),
    anthropic.stop(index),
  ],
  end: (reason: string) => [
    { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, usage: { output_tokens: 5 } },
    { type: 'message_stop' },
  ],
};

export const openAi = {
  delta: (delta: unknown, finish: string | null = null) => ({
    id: 'c1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta, finish_reason: finish }],
  }),
  usage: {
    id: 'c1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [],
    usage: { prompt_tokens: 60, completion_tokens: 5, total_tokens: 65, prompt_tokens_details: { cached_tokens: 30 } },
  },
};
