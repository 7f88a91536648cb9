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

/** OpenAI's Responses name their events a second time, as Anthropic does. */
export const responsesSse = (...events: readonly { readonly type: string }[]): string =>
  events
    .map((event, number) => `event: ${event.type}\ndata: ${JSON.stringify({ ...event, sequence_number: number })}\n\n`)
    .join('');

const response = { id: 'resp_1', object: 'response', created_at: 1, model: 'm', status: 'in_progress' };

export const responses = {
  start: [
    { type: 'response.created', response },
    { type: 'response.in_progress', response },
  ],
  added: (index: number, item: object) => ({ type: 'response.output_item.added', output_index: index, item }),
  done: (index: number, item: object) => ({ type: 'response.output_item.done', output_index: index, item }),
  delta: (index: number, text: string) => ({
    type: 'response.output_text.delta',
    item_id: `msg_${index}`,
    output_index: index,
    content_index: 0,
    delta: text,
  }),
  begin: (index: number) =>
    responses.added(index, {
      type: 'message',
      id: `msg_${index}`,
      role: 'assistant',
      status: 'in_progress',
      content: [],
    }),
  text: (index: number, text: string) => [
    responses.begin(index),
    responses.delta(index, text),
    responses.done(index, { type: 'message', id: `msg_${index}`, role: 'assistant', status: 'completed', content: [] }),
  ],
  call: (index: number, id: string, name: string, args: string) => {
    const item = { type: 'function_call', id: `fc_${index}`, call_id: id, name };
    return [
      responses.added(index, { ...item, arguments: '', status: 'in_progress' }),
      {
        type: 'response.function_call_arguments.delta',
        item_id: `fc_${index}`,
        output_index: index,
        delta: args,
      },
      responses.done(index, { ...item, arguments: args, status: 'completed' }),
    ];
  },
  /** A thought in two parts, encrypted. */
  thought: (index: number, ...parts: readonly string[]) => {
    const id = `rs_${index}`;
    return [
      responses.added(index, { type: 'reasoning', id, summary: [], encrypted_content: 'start' }),
      ...parts.flatMap((text, part) => [
        { type: 'response.reasoning_summary_part.added', item_id: id, output_index: index, summary_index: part },
        {
          type: 'response.reasoning_summary_text.delta',
          item_id: id,
          output_index: index,
          summary_index: part,
          delta: text,
        },
        { type: 'response.reasoning_summary_part.done', item_id: id, output_index: index, summary_index: part },
      ]),
      responses.done(index, { type: 'reasoning', id, summary: [], encrypted_content: 'c2VjcmV0' }),
    ];
  },
  usage: {
    input_tokens: 60,
    input_tokens_details: { cached_tokens: 30 },
    output_tokens: 5,
    output_tokens_details: { reasoning_tokens: 3 },
    total_tokens: 65,
  },
  end: { type: 'response.completed', response: { ...response, status: 'completed', usage: {} } },
  incomplete: (reason: string) => ({
    type: 'response.incomplete',
    response: { ...response, status: 'incomplete', incomplete_details: { reason } },
  }),
};
responses.end.response.usage = responses.usage;

export const gemini = {
  parts: (parts: readonly object[], finish?: string) => ({
    candidates: [
      { index: 0, content: { role: 'model', parts }, ...(finish !== undefined && { finishReason: finish }) },
    ],
    modelVersion: 'm',
    responseId: 'r1',
  }),
  usage: {
    usageMetadata: {
      promptTokenCount: 60,
      cachedContentTokenCount: 30,
      candidatesTokenCount: 2,
      thoughtsTokenCount: 3,
      totalTokenCount: 65,
    },
  },
};
