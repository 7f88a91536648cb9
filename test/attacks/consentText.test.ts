import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { lookalikes } from '../../src/webview/text/lookalikes';
import { visibleParts, visibleProse, visibleText } from '../../src/webview/text/visibleText';

const code = (point: number): string => `<U+${point.toString(16).toUpperCase().padStart(4, '0')}>`;

/** All characters that are drawn as nothing, or that change how others are drawn. */
const hidden =
  /^(?:\p{C}|\p{Zl}|\p{Zp}|(?! )\p{Zs}|\p{Default_Ignorable_Code_Point}|\p{Variation_Selector}|\p{Bidi_Control}|\u2800|\u3164|\uFFA0|\u115F|\u1160)$/u;

describe('attack: consent text', () => {
  it('shows every character that cannot be seen', () => {
    for (let plane = 0; plane <= 0x10; plane++) {
      // Of the planes that are empty or private as a whole, a choice.
      const step = [0, 1, 0xe].includes(plane) ? 1 : 101;
      const points = Array.from({ length: 0x10000 }, (_, index) => plane * 0x10000 + index).filter((point) => {
        if (point % step > 0) return false;
        const character = String.fromCodePoint(point);
        return hidden.test(character) && character !== '\n' && character !== '\t';
      });
      const shown = visibleText(points.map((point) => `${String.fromCodePoint(point)}b`).join('')).split('b');
      assert.deepEqual(
        points.filter((point, index) => shown[index] !== code(point)),
        [],
      );
    }
  });

  const cases: readonly (readonly [what: string, text: string, shown: string])[] = [
    ['text turned around by an override', 'ls \u202Egnp.exe', 'ls <U+202E>gnp.exe'],
    ['text moved by isolates', 'if a\u2066 // b\u2069', 'if a<U+2066> // b<U+2069>'],
    ['a program name with a zero width space', 'l\u200Bs', 'l<U+200B>s'],
    ['a command that is written in tags', 'ls \u{E0072}\u{E006D}', 'ls <U+E0072><U+E006D>'],
    ['a variable that is named by a filler', '\u3164=1', '<U+3164>=1'],
    ['a blank of Braille', 'a\u2800b', 'a<U+2800>b'],
    ['a no-break space that the shell does not split at', 'rm\u00A0-rf', 'rm<U+00A0>-rf'],
    ['a carriage return that overwrites', 'rm -rf ~\rls', 'rm -rf ~<U+000D>ls'],
    ['an escape sequence', '\u001B[2Kls', '<U+001B>[2Kls'],
    ['a mark with nothing below it', 'a \u0301b', 'a <U+0301>b'],
    ['a stroke through a sign', 'a =\u0338 b', 'a =<U+0338> b'],
    ['a stroke through a word', 'r\u0336m\u0336', 'r<U+0336>m<U+0336>'],
    ['marks piled up over what stands above', `a${'\u0301'.repeat(40)}`, `a${'\u0301'.repeat(4)}<U+0301>×36`],
    ['the same many times', `a${'\u200B'.repeat(900)}b`, 'a<U+200B>×900b'],
    ['half a character', 'a\uD800b', 'a<U+D800>b'],
    ['variation selectors that carry bytes', 'a\u{E0101}\uFE01', 'a<U+E0101><U+FE01>'],
  ];
  for (const [what, text, shown] of cases) it(`shows ${what}`, () => assert.equal(visibleText(text), shown));

  it('leaves what people write as it is: accents, scripts, emoji, line breaks', () => {
    for (const text of ['Grüße, cafe\u0301 नमस्ते 日本語 привет', 'a\n\tb', '✔️ 👩‍💻 done', "git commit -m 'don’t – ever'"])
      assert.equal(visibleText(text), text);
    assert.equal(visibleProse('Vraiment\u00A0?'), 'Vraiment\u00A0?');
  });

  it('hides no text between blanks: what is folded is blank, and all the rest is there', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', ' '.repeat(30), '\n'.repeat(25), '\u200B', '; rm', '\t')), (pieces) => {
        const text = pieces.join('');
        const parts = visibleParts(text);
        for (const part of parts) if (part.kind === 'blanks') assert.match(part.text, /^[ \n\t]{21,}$/);
        assert.equal(parts.map((part) => part.text).join(''), visibleText(text));
        assert.ok(parts.every((part) => part.kind !== 'text' || !/[ \n\t]{21}/.test(part.text)));
      }),
    );
  });

  it('takes no longer than its length, whatever is piled up in it', () => {
    const startedAt = performance.now();
    for (const piece of ['\u0301', ' ', '\n', '\u200B', 'а', '\u202E ', '\u{1F468}\u200D'])
      for (const look of [visibleParts, lookalikes]) look(piece.repeat(100_000));
    assert.ok(performance.now() - startedAt < 5_000, `${performance.now() - startedAt} ms`);
  });

  it('names letters that look like others, in programs and in mixed words, not in words of another script', () => {
    const of = (text: string): string =>
      lookalikes(text)
        .map(({ character, looksLike }) => character + looksLike)
        .join(' ');
    assert.equal(of('\u0441url x'), '\u0441c');
    assert.equal(of('ls; \u0441\u0430t x'), '\u0441c \u0430a');
    assert.equal(of('open https://p\u0430ypal.example'), '\u0430a');
    assert.equal(of('ls \u2044etc'), '\u2044/');
    assert.equal(of('echo a\uFF1Bb'), '\uFF1B;');
    assert.equal(of('git commit -m "привет, это сор — don’t"'), '');
  });
});
