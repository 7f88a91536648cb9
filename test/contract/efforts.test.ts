import { strict as assert } from 'node:assert';
import { reasoningEfforts, type ReasoningEffort } from '../../src/core/protocol/models';
import type { JsonObject } from '../../src/core/util/json';
import type { ModelConnection } from '../../src/node/models/connection';
import { startFaultServer, type FaultServer } from '../support/faultServer';
import { message, request, text } from '../support/streams';
import { sendTo } from '../support/wireRequest';
import { wires } from '../support/wires';

type Connection = Partial<ModelConnection> & { readonly vendor: string };

interface Case {
  readonly connection: Connection;
  readonly wire: string;
  /** What of the body tells the effort. */
  readonly look: (body: JsonObject) => unknown;
  /** Undefined stands for "not a word". */
  readonly expected: Readonly<Partial<Record<ReasoningEffort | 'default', unknown>>>;
}

const geminiThinking = (body: JsonObject): unknown => (body['generationConfig'] as JsonObject)['thinkingConfig'];
const claudeThinking = (body: JsonObject): unknown => [body['thinking'], body['output_config']];
const adaptive = { type: 'adaptive', display: 'summarized' };

const cases: readonly Case[] = [
  {
    connection: { vendor: 'anthropic', model: 'claude-opus-4-8' },
    wire: 'Anthropic Messages',
    look: claudeThinking,
    expected: {
      default: [adaptive, undefined],
      none: [{ type: 'disabled' }, undefined],
      low: [adaptive, { effort: 'low' }],
      high: [adaptive, { effort: 'high' }],
      max: [adaptive, { effort: 'max' }],
    },
  },
  {
    connection: { vendor: 'anthropic', model: 'claude-sonnet-5-5' },
    wire: 'Anthropic Messages',
    look: claudeThinking,
    expected: { none: [{ type: 'between_tools' }, undefined] }, // It cannot be switched off; this is its least.
  },
  {
    connection: { vendor: 'anthropic', model: 'claude-haiku-4-5' },
    wire: 'Anthropic Messages',
    look: claudeThinking,
    expected: {
      default: [undefined, undefined],
      none: [{ type: 'disabled' }, undefined],
      low: [{ type: 'enabled', budget_tokens: 6_400 }, undefined],
      high: [{ type: 'enabled', budget_tokens: 38_400 }, undefined],
    },
  },
  {
    connection: { vendor: 'anthropic', model: 'claude-next-1' },
    wire: 'Anthropic Messages',
    look: claudeThinking,
    expected: { minimal: [adaptive, { effort: 'low' }], xhigh: [adaptive, { effort: 'xhigh' }] },
  },
  {
    connection: { vendor: 'minimax', model: 'MiniMax-M3.1-Flash' },
    wire: 'Anthropic Messages',
    look: claudeThinking,
    expected: {
      default: [adaptive, undefined],
      none: [adaptive, { effort: 'low' }],
      max: [adaptive, { effort: 'max' }],
    },
  },
  {
    connection: { vendor: 'openai', model: 'gpt-5.4', api: 'responses' },
    wire: 'OpenAI Responses',
    look: (body) => body['reasoning'],
    expected: {
      default: { summary: 'auto' },
      none: { effort: 'none' },
      minimal: { effort: 'none' },
      low: { effort: 'low', summary: 'auto' },
      high: { effort: 'high', summary: 'auto' },
      max: { effort: 'xhigh', summary: 'auto' },
    },
  },
  {
    connection: { vendor: 'openai', model: 'gpt-4.1', api: 'responses' },
    wire: 'OpenAI Responses',
    look: (body) => body['reasoning'],
    expected: { default: undefined, high: undefined },
  },
  {
    connection: { vendor: 'google', model: 'gemini-3.8-flash' },
    wire: 'Google Gemini',
    look: geminiThinking,
    expected: {
      default: { includeThoughts: true },
      low: { includeThoughts: true, thinkingLevel: 'low' },
      high: { includeThoughts: true, thinkingLevel: 'high' },
    },
  },
  {
    connection: { vendor: 'google', model: 'gemini-2.5-flash' },
    wire: 'Google Gemini',
    look: geminiThinking,
    expected: {
      default: { includeThoughts: true },
      none: { thinkingBudget: 0 },
      low: { includeThoughts: true, thinkingBudget: 6_554 },
    },
  },
  {
    connection: { vendor: 'google', model: 'gemini-2.0-flash' },
    wire: 'Google Gemini',
    look: geminiThinking,
    expected: { default: undefined },
  },
  {
    connection: { vendor: 'openai-compatible', model: 'm-1', traits: { efforts: ['low', 'high'] } },
    wire: 'OpenAI Chat Completions',
    look: (body) => body['reasoning_effort'],
    expected: { default: undefined, none: 'low', low: 'low', medium: 'low', high: 'high', max: 'high' },
  },
  {
    connection: { vendor: 'openai-compatible', model: 'm-1' },
    wire: 'OpenAI Chat Completions',
    look: (body) => body['reasoning_effort'],
    expected: { default: undefined, medium: 'medium' },
  },
];

describe('An effort', () => {
  let server: FaultServer;
  before(async () => {
    server = await startFaultServer();
  });
  after(() => server.stop());

  for (const { connection, wire, look, expected } of cases)
    for (const effort of ['default', ...reasoningEfforts] as const) {
      if (!(effort in expected)) continue;
      it(`of ${effort} is asked of ${connection.model} as ${JSON.stringify(expected[effort])}`, async () => {
        const answer = wires.find(({ name }) => name === wire)?.whole ?? '';
        const { body, error } = await sendTo<JsonObject>(
          server,
          { ...connection, ...(effort !== 'default' && { effort }) },
          request([message('user', text('hello'))]),
          answer,
        );
        assert.equal(error, undefined);
        assert.deepEqual(look(body), expected[effort]);
      });
    }

  describe('of a model that thinks by a budget', () => {
    const limits: readonly (readonly [
      model: string,
      effort: ReasoningEffort,
      limit: number,
      budget: number | undefined,
    ])[] = [
      ['claude-haiku-4-5', 'high', 300, undefined],
      ['claude-haiku-4-5', 'max', 2_047, undefined],
      ['claude-haiku-4-5', 'minimal', 2_048, 1_024],
      ['claude-haiku-4-5', 'max', 4_096, 3_072],
      ['claude-haiku-4-5', 'high', 10_000, 6_000],
      ['claude-opus-4-1-20250805', 'high', 30_000, 18_000],
      ['claude-haiku-4-5', 'none', 300, undefined],
      ['MiniMax-M3', 'high', 300, undefined],
      ['MiniMax-M3', 'high', 10_000, 6_000],
      ['MiniMax-M3.1-Flash', 'max', 300, undefined],
      ['claude-opus-4-8', 'max', 300, undefined],
      ['claude-sonnet-5-5', 'none', 300, undefined],
    ];
    for (const [model, effort, limit, budget] of limits)
      it(`never costs more than the ${limit} tokens that were asked of ${model} (${effort})`, async () => {
        const vendor = model.startsWith('claude') ? 'anthropic' : 'minimax';
        const answer = wires.find(({ name }) => name === 'Anthropic Messages')?.whole ?? '';
        const asked = request([message('user', text('hello'))], { maxOutputTokens: limit });
        const { body, error } = await sendTo<JsonObject>(server, { vendor, model, effort }, asked, answer);
        assert.equal(error, undefined);
        assert.equal(body['max_tokens'], limit);
        assert.equal((body['thinking'] as JsonObject | undefined)?.['budget_tokens'], budget);
      });
  });
});
