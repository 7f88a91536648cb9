import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { emptySplit, splitBlocks, type BlockSplit, type MarkdownBlock } from '../../src/webview/markdown/blocks';

const text =
  'Para one\nstill one.\n\n- a\n- b\n\n  more b\n\n```ts\nconst x = 1;\n\nconst y = 2;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n# End\n\nlast words';

/** Feeds a text piece by piece, as it streams in. */
function stream(pieces: readonly string[]): BlockSplit {
  let split = emptySplit;
  let soFar = '';
  for (const piece of pieces) {
    soFar += piece;
    split = splitBlocks(split, soFar, false);
  }
  return splitBlocks(split, soFar, true);
}

const shape = (blocks: readonly MarkdownBlock[]) =>
  blocks.map((block) =>
    block.kind === 'code' ? ['code', block.language, block.code] : [block.token.type, block.source.trimEnd()],
  );

describe('the blocks of a streaming answer', () => {
  it('are the same as those of the whole text, wherever the pieces end', () => {
    const whole = shape(splitBlocks(emptySplit, text, true).blocks);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 60, maxLength: 60 }), (sizes) => {
        const pieces: string[] = [];
        let rest = text;
        for (const size of sizes) {
          pieces.push(rest.slice(0, size));
          rest = rest.slice(size);
        }
        assert.deepEqual(shape(stream([...pieces, rest]).blocks), whole);
      }),
    );
  });

  it('keep their identity once the next one has begun', () => {
    const before = splitBlocks(emptySplit, 'One.\n\nTwo', false);
    const after = splitBlocks(before, 'One.\n\nTwo goes on.\n\nThree', false);
    assert.equal(after.blocks[0], before.blocks[0]);
    assert.equal(after.frozenSource, 'One.\n\nTwo goes on.\n\n');
  });

  it('start anew when the final text is another one', () => {
    const before = splitBlocks(emptySplit, 'One.\n\nTwo.\n\nThree', false);
    assert.deepEqual(shape(splitBlocks(before, 'Other.\n\nTwo.', true).blocks), [
      ['paragraph', 'Other.'],
      ['paragraph', 'Two.'],
    ]);
  });

  it('show a fence as code while it is still open, and close it with the text after it', () => {
    const open = splitBlocks(emptySplit, 'See:\n\n```js\nlet a', false);
    assert.deepEqual(open.blocks[1], { key: 1, kind: 'code', language: 'js', code: 'let a', closed: false });
    const closed = splitBlocks(open, 'See:\n\n```js\nlet a\n```\n\nDone', false);
    assert.deepEqual(closed.blocks[1], { key: 1, kind: 'code', language: 'js', code: 'let a', closed: true });
  });

  it('have keys that stay and never repeat', () => {
    const keys = stream(text.split(/(?<=\n)/)).blocks.map((block) => block.key);
    assert.deepEqual(
      keys,
      keys.map((_key, index) => index),
    );
  });

  it('come out the same with Windows line ends', () => {
    const whole = shape(splitBlocks(emptySplit, text, true).blocks);
    assert.deepEqual(shape(stream(text.replaceAll('\n', '\r\n').split(/(?=[\r\n ])/)).blocks), whole);
  });

  it('lex only the tail: 100 KB in small pieces stay far from quadratic', () => {
    const paragraph = 'Some words that make a sentence of a usual length.\n\n';
    const started = performance.now();
    let split = emptySplit;
    let soFar = '';
    for (let count = 0; count < 2000; count++) {
      soFar += paragraph;
      split = splitBlocks(split, soFar, false);
    }
    assert.equal(split.blocks.length, 2000);
    assert.ok(performance.now() - started < 5000, `${performance.now() - started} ms`);
  });
});
