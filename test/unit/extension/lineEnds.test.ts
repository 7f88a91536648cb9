import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { lineEndsOf, withLineEndsOf, withLineFeeds } from '../../../src/extension/lineEnds';

/** Short lines from few letters, so that lines repeat; every kind of line end. */
const texts = fc
  .array(fc.tuple(fc.constantFrom('', 'a', 'b', 'ab'), fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 8 })
  .chain((lines) => fc.constantFrom('', 'end').map((last) => lines.map((line) => line.join('')).join('') + last));

describe('line ends of an edited text', () => {
  it('are named after what stands there', () => {
    for (const [text, ends] of [
      ['', 'none'],
      ['a', 'none'],
      ['a\nb', 'lf'],
      ['a\r\nb\r\n', 'crlf'],
      ['a\r\nb\n', 'mixed'],
      ['a\rb', 'mixed'],
      ['a\r\n\r', 'mixed'],
      ['a\n\r', 'mixed'],
    ] as const)
      assert.equal(lineEndsOf(text), ends, JSON.stringify(text));
  });

  it('come back exactly when an editor changed nothing but line ends', () => {
    fc.assert(
      fc.property(texts, fc.constantFrom('\n', '\r\n'), (text, end) => {
        assert.equal(withLineEndsOf(text, withLineFeeds(text).split('\n').join(end)), text);
      }),
      { numRuns: 500 },
    );
  });

  it('never change a character of what the user typed', () => {
    fc.assert(
      fc.property(texts, texts, (model, edited) => {
        assert.equal(withLineFeeds(withLineEndsOf(model, edited)), withLineFeeds(edited));
      }),
      { numRuns: 500 },
    );
  });

  it('of a typed line are those of the line before it', () => {
    assert.equal(withLineEndsOf('a\r\nb\nc\n', 'a\nnew\nb\nc\n'), 'a\r\nnew\r\nb\nc\n');
    assert.equal(withLineEndsOf('a\r\nb\r\n', 'a\nnew\nb\n'), 'a\r\nnew\r\nb\r\n');
    assert.equal(withLineEndsOf('a\nb\n', 'a\r\nnew\r\nb\r\n'), 'a\nnew\nb\n');
  });
});
