import { strict as assert } from 'node:assert';
import { ModelError } from '../../src/core/model/provider';
import { openModel } from '../../src/node/models/providers';
import { startFaultServer, type FaultServer } from '../support/faultServer';
import { anthropic, anthropicSse, gemini, openAi, responses, responsesSse, sse } from '../support/sse';
import { message, readAll, request, text, textOfChunks } from '../support/streams';
import { wires } from '../support/wires';

const question = request([message('user', text('hello'))]);

/** How an answer may end that no other vendor ends so: the reason of a good end, or the code of a failure and its words. */
const table: readonly (readonly [wire: string, what: string, body: string, outcome: string, words?: RegExp])[] = [
  [
    'Google Gemini',
    'a call that the model could not spell',
    sse(gemini.parts([{ text: 'x' }]), gemini.parts([], 'MALFORMED_FUNCTION_CALL')),
    'stream_cut',
    /MALFORMED_FUNCTION_CALL/,
  ],
  [
    'Google Gemini',
    'a call of what was not offered',
    sse(gemini.parts([], 'UNEXPECTED_TOOL_CALL')),
    'stream_cut',
    /UNEXPECTED_TOOL_CALL/,
  ],
  [
    'Google Gemini',
    'a question that the filter does not let through',
    sse({ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, ...gemini.usage }),
    'content_filter',
  ],
  ['Google Gemini', 'a recitation', sse(gemini.parts([{ text: 'x' }], 'RECITATION')), 'content_filter'],
  ['Google Gemini', 'the limit of output', sse(gemini.parts([{ text: 'x' }], 'MAX_TOKENS')), 'length'],
  [
    'Google Gemini',
    'a limit that is reached in mid-answer',
    sse(gemini.parts([{ text: 'x' }]), {
      error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'Resource has been exhausted' },
    }),
    'rate_limit',
    /Resource has been exhausted/,
  ],
  [
    'OpenAI Responses',
    'an error event in mid-answer',
    responsesSse(...responses.start, responses.begin(0), responses.delta(0, 'x'), {
      type: 'error',
      code: 'rate_limit_exceeded',
      message: 'Slow down please',
    } as { type: string }),
    'rate_limit',
    /Slow down please/,
  ],
  [
    'OpenAI Responses',
    'a failure in mid-answer',
    responsesSse(...responses.start, responses.begin(0), responses.delta(0, 'x'), {
      type: 'response.failed',
      response: { id: 'r', error: { code: 'server_error', message: 'The model broke down' } },
    } as { type: string }),
    'service_unavailable',
    /The model broke down/,
  ],
  [
    'OpenAI Responses',
    'a conversation that is found too long after the start',
    responsesSse(...responses.start, {
      type: 'response.failed',
      response: {
        id: 'r',
        error: { code: 'context_length_exceeded', message: 'Your input exceeds the context window' },
      },
    } as { type: string }),
    'context_length',
    /exceeds the context window/,
  ],
  [
    'OpenAI Responses',
    'a refusal',
    responsesSse(
      ...responses.start,
      responses.begin(0),
      { type: 'response.refusal.delta', item_id: 'msg_0', output_index: 0, delta: 'No.' } as { type: string },
      responses.end,
    ),
    'content_filter',
  ],
  [
    'OpenAI Responses',
    'the answer of somebody who speaks only Chat Completions',
    sse(openAi.delta({ content: 'x' }), '[DONE]'),
    'invalid_response',
  ],
  [
    'Anthropic Messages',
    'a window that is full',
    anthropicSse(anthropic.start, ...anthropic.text(0, 'x'), ...anthropic.end('model_context_window_exceeded')),
    'length',
  ],
  [
    'OpenAI Chat Completions',
    'a machine that was needed elsewhere',
    sse(openAi.delta({ content: 'x' }), openAi.delta({}, 'insufficient_system_resource'), '[DONE]'),
    'stream_cut',
    /insufficient_system_resource/,
  ],
];

describe('An end of its own kind', () => {
  let server: FaultServer;
  before(async () => {
    server = await startFaultServer();
  });
  after(() => server.stop());

  for (const [name, what, body, outcome, words] of table)
    it(`${what} is ${outcome} (${name})`, async () => {
      const wire = wires.find((one) => one.name === name);
      assert.ok(wire);
      server.answer({ body });
      const model = await openModel({ ...wire.connection, apiKey: 'k', baseUrl: `${server.url}${wire.path}` });
      const { chunks, error } = await readAll(model.stream(question, new AbortController().signal));
      if (error instanceof ModelError) {
        assert.equal(error.code, outcome);
        assert.match(error.message, words ?? /./);
        assert.notEqual(error.advice, '');
        assert.ok(chunks.every((chunk) => chunk.type !== 'finish'));
      } else {
        assert.equal(error, undefined);
        assert.deepEqual(chunks.at(-1), { type: 'finish', reason: outcome });
      }
      assert.match(textOfChunks(chunks), /^(x|No\.)?$/);
    });
});
