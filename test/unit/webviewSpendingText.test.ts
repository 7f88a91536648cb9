import { strict as assert } from 'node:assert';
import { addSpending, noUsage, type ModelSpending, type TokenUsage } from '../../src/core/protocol/usage';
import { hostOf } from '../../src/webview/text/hostOf';
import { effortText, ratesText, ratesTitle } from '../../src/webview/text/modelText';
import {
  budgetLines,
  budgetNotice,
  contextText,
  spentText,
  tokensText,
  unpricedText,
} from '../../src/webview/text/spendingText';

const usage = (cost?: number): TokenUsage => ({
  ...{ inputTokens: 12_000, outputTokens: 860, totalTokens: 12_860, cacheReadTokens: 8100, cacheWriteTokens: 0 },
  ...(cost !== undefined && { cost }),
});
const spent = (...calls: readonly (readonly [model: string, cost?: number])[]): readonly ModelSpending[] =>
  calls.reduce<readonly ModelSpending[]>(
    (sum, [model, cost]) => addSpending(sum, { vendor: 'acme', model }, usage(cost)),
    [],
  );

describe('the price of a model', () => {
  it('is said per million tokens, as free or as unknown', () => {
    assert.equal(ratesText({ input: 3, output: 15 }), '$3 / $15 per M');
    assert.equal(ratesText({ input: 0.25, output: 1.2 }), '$0.25 / $1.20 per M');
    assert.equal(ratesText({ input: 0.0375, output: 0.075 }), '$0.0375 / $0.075 per M');
    assert.equal(ratesText({ input: 0, output: 0 }), 'free');
    assert.equal(ratesText(undefined), 'price unknown');
  });

  it('has its cached rate and its tiers in the tooltip', () => {
    assert.equal(
      ratesTitle({
        input: 3,
        output: 15,
        cacheRead: 0.3,
        tiers: [{ aboveInputTokens: 200_000, input: 6, output: 22.5 }],
      }),
      'US dollars per million tokens: input $3, output $15, cached input $0.30, above 200k of input $6 / $22.50',
    );
  });

  it('goes with an effort in words', () => {
    assert.deepEqual([effortText('none'), effortText('xhigh'), effortText('high')], ['off', 'very high', 'high']);
  });
});

describe('what was spent', () => {
  it('is a sum, at least a sum, or unknown', () => {
    assert.equal(spentText(spent(['a', 0.1], ['b', 0.02])), '$0.12');
    assert.equal(spentText(spent(['a', 0.12], ['b'])), 'at least $0.12');
    assert.equal(spentText(spent(['b'])), 'price unknown');
    assert.equal(spentText([]), '$0');
  });

  it('names the models whose price is missing', () => {
    const name = (one: ModelSpending): string => one.model;
    assert.equal(unpricedText(spent(['a', 0.12]), name), '');
    assert.equal(unpricedText(spent(['a', 0.12], ['b'], ['c']), name), 'price of b, c unknown');
    assert.equal(unpricedText(spent(['a'], ['b'], ['c'], ['d']), name), 'price of a, b, 2 more unknown');
  });

  it('is tokens too, the cached and the thought ones among them', () => {
    assert.equal(tokensText(usage()), '12k in, 8.1k cached · 860 out');
    assert.match(tokensText({ ...usage(), reasoningTokens: 310 }), /860 out, 310 thinking$/);
    assert.equal(tokensText(noUsage), '0 in · 0 out');
  });

  it('stands against a budget, with what is left', () => {
    const lines = budgetLines({ usd: 0.5, tokens: 20_000 }, spent(['a', 0.41]));
    assert.deepEqual(
      lines.map(({ text, left }) => [text, left]),
      [
        ['$0.41 of $0.50', '$0.09 left'],
        ['13k tokens of 20k tokens', '7.1k tokens left'],
      ],
    );
    assert.equal(lines[0]?.used.toFixed(2), '0.82');
  });

  it('is at least that much against a budget where a price is unknown, and never over it', () => {
    const [line] = budgetLines({ usd: 0.5 }, spent(['a', 0.7], ['b']));
    assert.deepEqual([line?.text, line?.left, line?.used], ['at least $0.70 of $0.50', 'nothing left', 1]);
    assert.equal(budgetLines({ usd: 1 }, spent(['a', 0.7], ['b']))[0]?.left, 'at most $0.30 left');
    assert.deepEqual(budgetLines(undefined, []), []);
    assert.equal(budgetLines({ usd: 0 }, [])[0]?.left, 'nothing left');
  });

  it('is warned of before a budget ends', () => {
    const warning = { scope: 'session', unit: 'tokens', spent: 82_000, budget: 100_000, level: 'near' } as const;
    assert.equal(budgetNotice(warning), "82 % of this session's budget is spent: 82k tokens of 100k tokens.");
  });
});

describe('how full the window is', () => {
  it('is said in numbers, with where it is compacted', () => {
    const context = { tokens: 82_000, windowTokens: 200_000, compactAtTokens: 148_000 };
    assert.deepEqual(contextText(context), {
      ...{ percent: 41, text: '82k of 200k tokens', next: '41 % full, compacted at 148k', tone: 'calm' },
      title: 'Context: 82k of 200k tokens. 41 % full, compacted at 148k.',
    });
    const tones = [133_199, 133_200, 147_999, 148_000].map((tokens) => contextText({ ...context, tokens }).tone);
    assert.deepEqual(tones, ['calm', 'near', 'near', 'full']);
    assert.equal(contextText({ ...context, tokens: 300_000 }).percent, 100);
  });
});

describe('an address', () => {
  it('is said by its host', () => {
    assert.equal(hostOf('https://api.example.com/v1'), 'api.example.com');
    assert.equal(hostOf('http://127.0.0.1:11434/v1'), '127.0.0.1:11434');
    assert.equal(hostOf('nowhere'), 'nowhere');
  });
});
