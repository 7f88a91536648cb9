import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { planBlocks } from '../../src/webview/plan/planBlocks';

describe('the pieces of a plan', () => {
  const plan =
    '# Title\n\nText\nof two lines.\n\n3. One\n4. Two\n   - inner\n\n```ts\nconst a = 1;\n```\n\n[x]: https://a.example\n\n> Quote\n';

  it('are its paragraphs and points, each with its line', () => {
    assert.deepEqual(
      planBlocks(plan).map(({ line, quote }) => [line, quote]),
      [
        [1, '# Title'],
        [3, 'Text'],
        [6, '3. One'],
        [7, '4. Two'],
        [10, '```ts'],
        [14, '[x]: https://a.example'],
        [16, '> Quote'],
      ],
    );
  });

  it('hide nothing: what Markdown would not show stands there as text', () => {
    const hidden = planBlocks(plan).find(({ quote }) => quote.startsWith('[x]'));
    assert.equal(hidden?.token, undefined);
    assert.equal(hidden?.source, '[x]: https://a.example');
  });

  it('have the line at which their text stands, whatever the plan holds', () => {
    const piece = fc.constantFrom(
      '# H',
      'text',
      '- a',
      '- b',
      '  - c',
      '1. x',
      '',
      '',
      '> q',
      '```',
      '    code',
      '|a|',
      '[r]: /x',
      '<b>',
      '\t',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const text = pieces.join('\n');
        const lines = text.split('\n');
        for (const { line, quote } of planBlocks(text))
          assert.equal((lines[line - 1] ?? '').trim(), quote.trim(), JSON.stringify(text));
      }),
      { numRuns: 500 },
    );
  });
});
