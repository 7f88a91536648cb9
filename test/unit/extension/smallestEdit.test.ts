import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { smallestEdit, type OffsetEdit } from '../../../src/extension/smallestEdit';

const texts = fc
  .array(fc.constantFrom('a', 'b', '\n', '\r\n', '😀', '😁', '🙀'), { maxLength: 12 })
  .map((parts) => parts.join(''));

const applied = (text: string, edit: OffsetEdit): string =>
  text.slice(0, edit.start) + edit.text + text.slice(edit.end);

describe('the smallest edit between two texts', () => {
  it('makes the one of the other', () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => assert.equal(applied(before, smallestEdit(before, after)), after)),
      { numRuns: 2_000 },
    );
  });

  it('never begins or ends inside a CRLF or a surrogate pair', () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const { start, end, text } = smallestEdit(before, after);
        for (const piece of [before.slice(0, start), before.slice(start, end), before.slice(end), text])
          assert.doesNotThrow(() => encodeURIComponent(piece), JSON.stringify({ before, after })); // throws on half a pair
        assert.ok(!(before[start - 1] === '\r' && before[start] === '\n'));
        assert.ok(!(before[end - 1] === '\r' && before[end] === '\n'));
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps the common start and end', () => {
    assert.deepEqual(smallestEdit('one two three', 'one 2 three'), { start: 4, end: 7, text: '2' });
    assert.deepEqual(smallestEdit('aa', 'aaa'), { start: 2, end: 2, text: 'a' });
    assert.deepEqual(smallestEdit('same', 'same'), { start: 4, end: 4, text: '' });
  });
});
