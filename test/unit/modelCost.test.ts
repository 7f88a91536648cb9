import { strict as assert } from 'node:assert';
import { costOf, type BilledTokens } from '../../src/core/model/cost';
import { noUsage, type ModelPrice, type TokenUsage } from '../../src/core/protocol/usage';

const usage = (given: Partial<TokenUsage>): TokenUsage => ({ ...noUsage, ...given });

/** Rates as Anthropic has them: reading the cache is a tenth, writing it a quarter more. */
const cached: ModelPrice = { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 };
const plain: ModelPrice = { input: 3, output: 15 };
const tiered: ModelPrice = {
  input: 1.25,
  output: 10,
  cacheRead: 0.125,
  tiers: [
    { aboveInputTokens: 200_000, input: 2.5, output: 15, cacheRead: 0.25 },
    { aboveInputTokens: 500_000, input: 4, output: 20 },
  ],
};

/** Computed by hand: the sum of tokens x rate / 1,000,000 as the comment beside says. */
const cases: readonly (readonly [name: string, usage: BilledTokens, price: ModelPrice, dollars: number])[] = [
  ['input and output', usage({ inputTokens: 1_000_000, outputTokens: 100_000 }), plain, 4.5], // 3 + 1.5
  ['a single token of input', usage({ inputTokens: 1 }), plain, 0.000003],
  ['only output', usage({ outputTokens: 2_000 }), plain, 0.03],
  ['nothing at all', usage({}), cached, 0],
  [
    'input that was read from the cache, at its own rate',
    usage({ inputTokens: 50_000, cacheReadTokens: 40_000, outputTokens: 1_000 }),
    cached,
    0.057, // 10,000 x 3 = 0.03; 40,000 x 0.3 = 0.012; 1,000 x 15 = 0.015
  ],
  [
    'input that was written to the cache, at its own rate',
    usage({ inputTokens: 10_000, cacheWriteTokens: 8_000 }),
    cached,
    0.036, // 2,000 x 3 = 0.006; 8,000 x 3.75 = 0.03
  ],
  [
    'input that was read, written and neither',
    usage({ inputTokens: 60, cacheReadTokens: 30, cacheWriteTokens: 20, outputTokens: 5 }),
    cached,
    0.000189, // 10 x 3 = 30; 30 x 0.3 = 9; 20 x 3.75 = 75; 5 x 15 = 75; in millionths
  ],
  [
    'the cache at the rate of the input where it has none of its own',
    usage({ inputTokens: 50_000, cacheReadTokens: 40_000, cacheWriteTokens: 5_000 }),
    plain,
    0.15,
  ],
  ['a request on the border of a tier, below it', usage({ inputTokens: 200_000 }), tiered, 0.25],
  [
    'a request one token above the border, as a whole at the tier',
    usage({ inputTokens: 200_001, outputTokens: 1_000 }),
    tiered,
    0.5150025, // 200,001 x 2.5 = 0.5000025; 1,000 x 15 = 0.015
  ],
  [
    'a tier that is reached with the cached parts only',
    usage({ inputTokens: 300_000, cacheReadTokens: 290_000 }),
    tiered,
    0.0975, // 10,000 x 2.5 = 0.025; 290,000 x 0.25 = 0.0725
  ],
  ['the highest tier that is reached', usage({ inputTokens: 600_000, outputTokens: 10_000 }), tiered, 2.6], // 2.4 + 0.2
  [
    "a tier without a rate for the cache at the tier's own input rate",
    usage({ inputTokens: 600_000, cacheReadTokens: 600_000 }),
    tiered,
    2.4,
  ],
  [
    'reasoning once, as part of the output',
    usage({ inputTokens: 100, outputTokens: 900, reasoningTokens: 800 }),
    plain,
    0.0138, // 300 + 13,500 millionths
  ],
  ['a model that is free', usage({ inputTokens: 70_000, outputTokens: 3_000 }), { input: 0, output: 0 }, 0],
  [
    'a vendor that counts cached tokens beside the input, never below what the cache costs',
    usage({ inputTokens: 1_000, cacheReadTokens: 4_000 }),
    cached,
    0.0012, // 0 x 3; 4,000 x 0.3
  ],
];

describe('What a model call costs', () => {
  for (const [name, tokens, price, dollars] of cases)
    it(name, () => {
      const cost = costOf(tokens, price);
      assert.ok(Math.abs(cost - dollars) < 1e-12, `${cost} dollars, not ${dollars}`);
    });
});
