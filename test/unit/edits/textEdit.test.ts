import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { replaceInText } from '../../../src/core/edits/textEdit';
import { ToolError, type ToolErrorCode } from '../../../src/core/errors';

const once = { replaceAll: false };
const all = { replaceAll: true };
const edit = (text: string, find: string, replacement: string): string =>
  replaceInText(text, find, replacement, once).text;

function refused(code: ToolErrorCode, run: () => unknown): ToolError {
  let thrown: unknown;
  try {
    run();
  } catch (error) {
    thrown = error;
  }
  assert.ok(thrown instanceof ToolError, `refused with ${code}, not ${String(thrown)}`);
  assert.equal(thrown.code, code);
  return thrown;
}

describe('replaceInText', () => {
  it('replaces the one place where the text stands', () => {
    assert.equal(edit('let a = 1;\nlet b = 2;\n', 'b = 2', 'b = 3'), 'let a = 1;\nlet b = 3;\n');
  });

  it('takes $& and its relatives as text', () => {
    assert.equal(edit('price: X', 'X', "$& $1 $$ $` $'"), "price: $& $1 $$ $` $'");
  });

  it('refuses a text that stands in several places and names their lines', () => {
    const error = refused('not_unique', () => edit('a\nb\na\n', 'a', 'c'));
    assert.match(error.message, /2 places: lines 1, 3/);
  });

  it('counts overlapping places as several', () => {
    assert.match(refused('not_unique', () => edit('aaa', 'aa', 'b')).message, /2 places/);
  });

  it('replaces every place when asked to, without touching what it has put there', () => {
    assert.deepEqual(replaceInText('a b a b a', 'a', 'aa', all), { text: 'aa b aa b aa', replacements: 3 });
  });

  it('refuses a text that is not there and shows the nearest lines with their numbers', () => {
    const error = refused('no_match', () =>
      edit('function total(net) {\n  return net * 2;\n}\n', 'return net * 3;', 'return 0;'),
    );
    assert.match(error.message, /2: {3}return net \* 2;/);
  });

  it('does not take a similar line for the right one', () => {
    refused('no_match', () => edit('const limit = 30000;\n', 'const limit = 20000;', 'const limit = 1;'));
    refused('no_match', () => edit('if (!ready) stop();\n', 'if (ready) stop();', 'go();'));
  });

  it('recognises an edit that was applied already', () => {
    const error = refused('already_applied', () =>
      edit('x\nconst tax = 2 * net;\n', 'const tax = net;', 'const tax = 2 * net;'),
    );
    assert.match(error.message, /line 2/);
  });

  it('refuses an edit that would change nothing', () => {
    refused('already_applied', () => edit('same', 'same', 'same'));
    refused('already_applied', () => edit('a\r\nb', 'a\nb', 'a\r\nb'));
  });

  it('refuses an empty text to find', () => {
    refused('invalid_arguments', () => edit('text', '', 'more'));
  });
});

describe('replaceInText and line ends', () => {
  it('finds text with \\n in a CRLF file and inserts CRLF there', () => {
    assert.equal(edit('a\r\nb\r\nc\r\n', 'a\nb', 'a\nx\ny'), 'a\r\nx\r\ny\r\nc\r\n');
  });

  it('finds text with CRLF in a file with \\n and inserts \\n there', () => {
    assert.equal(edit('a\nb\nc\n', 'a\r\nb', 'a\r\nx'), 'a\nx\nc\n');
  });

  it('keeps each line end of a file that mixes them', () => {
    assert.equal(edit('a\r\nb\nc\r\nd', 'b\nc', 'b\nX\nc'), 'a\r\nb\nX\nc\r\nd');
    assert.equal(edit('a\nb\r\nc\nd', 'b\nc', 'b\nX\nc'), 'a\nb\r\nX\r\nc\nd');
  });

  it('keeps a missing final line end missing', () => {
    assert.equal(edit('a\nb', 'b', 'c'), 'a\nc');
  });

  it('removes a whole line with its CRLF', () => {
    assert.equal(edit('a\r\nb\r\nc', 'b\n', ''), 'a\r\nc');
  });
});

describe('replaceInText and blanks', () => {
  it('forgives trailing blanks and keeps them: in Markdown they break the line', () => {
    assert.equal(edit('one  \ntwo\t\nthree\n', 'one\ntwo\nthree', 'one\n2\nthree'), 'one  \n2\t\nthree\n');
  });

  it('refuses to say which of two new lines gets the break of the one they replace', () => {
    refused('no_match', () => edit('one\ntwo  \nthree\n', 'one \ntwo\nthree', 'one \n2\nII\nthree'));
  });

  it('moves the new lines by the indentation that all lines of the place have in common', () => {
    const text = 'class A {\n    run() {\n        go();\n    }\n}\n';
    assert.equal(
      edit(text, 'run() {\n    go();\n}', 'run() {\n    stop();\n    if (x) {\n        go();\n    }\n}'),
      'class A {\n    run() {\n        stop();\n        if (x) {\n            go();\n        }\n    }\n}\n',
    );
  });

  it('moves the new lines to the left where the file is indented less', () => {
    assert.equal(edit('if a:\n  b\n', '    if a:\n      b', '    if a:\n      c'), 'if a:\n  c\n');
  });

  it('refuses lines that are indented unevenly: it would have to guess', () => {
    refused('no_match', () => edit('if a:\n    b\n        c\n', 'if a:\n  b\n   c', 'if a:\n  x'));
    refused('no_match', () => edit('if a:\n\tb\n\t    c\n', 'if a:\n    b\n      c', 'if a:\n    x'));
  });

  it('takes tabs for spaces, and writes what the file is indented with', () => {
    assert.equal(edit('if a:\n\tb\n\t\tc\n', 'if a:\n  b\n    c', 'if a:\n  x\n    y'), 'if a:\n\tx\n\t\ty\n');
    assert.equal(
      edit('if (a) {\n  b();\n}\n', 'if (a) {\n\tb();\n}', 'if (a) {\n\tif (c)\n\t\tb();\n}'),
      'if (a) {\n  if (c)\n    b();\n}\n',
    );
  });

  it('refuses tabs for spaces where the width does not fit the file', () => {
    refused('no_match', () => edit('a\n  b\n    c {\n    }\n', '\tc {\n\t}', '\tc {\n\t\td\n\t}'));
  });

  it('refuses to guess how lines are to be indented that replace a single line given without its indentation', () => {
    const text = 'def f():\n    return x\n';
    assert.match(refused('no_match', () => edit(text, 'return x', 'log(x)\nreturn x')).message, /line 2 .* indented/);
    assert.equal(edit(text, 'return x', 'log(x)\n    return x'), 'def f():\n    log(x)\n    return x\n');
    assert.equal(edit(text, 'return x', 'return y'), 'def f():\n    return y\n');
  });

  it('refuses to put a line between a line and the break behind it', () => {
    assert.match(refused('no_match', () => edit('one  \ntwo\n', 'one', 'one\nmore')).message, /blanks behind it/);
    assert.equal(edit('one  \ntwo\n', 'one', '1'), '1  \ntwo\n');
  });

  it('does not look for brackets alone at another depth', () => {
    refused('no_match', () => edit('a {\n  b {\n    c\n  }\n}\n', '    }\n  }', '    }\n    d\n  }'));
  });

  it('forgives a blank line too many around the text', () => {
    assert.equal(edit('a\nb', '\na\nb\n', '\na\nc\n'), 'a\nc');
  });

  it('forgives the width of blanks inside of a line, and keeps it where nothing changes', () => {
    assert.equal(edit('if (a  ==  b)   {\n', 'if (a == b) {', 'if (a != b) {'), 'if (a  !=  b)   {\n');
  });

  it('does not forgive blanks inside of a string: there they are content', () => {
    refused('no_match', () => edit("say('a  b',  1)\n", "say('a b', 1)", "say('a b', 2)"));
    assert.equal(edit("say('a  b',  1)\n", "say('a  b', 1)", "say('a  b', 2)"), "say('a  b',  2)\n");
  });

  it('forgives nothing where lines change inside of a text of several lines', () => {
    const text = 'const t = `\n  one\n    two\n`;\n';
    refused('no_match', () => edit(text, 'one\n  two', 'one\n  2'));
    assert.equal(edit(text, '  one\n    two', '  one\n    2'), 'const t = `\n  one\n    2\n`;\n');
  });

  it('writes plain quotes where the file has plain ones, though they came typographic', () => {
    assert.equal(edit('say("a", 1);\n', 'say(“a”, 1);', 'say(“b”, 2);\nsay(“c”, 3);'), 'say("b", 2);\nsay("c", 3);\n');
    refused('no_match', () => edit('say("a", 1);\n', 'say(“a”, 1);', 'say(‘b’, 2);'));
  });

  it('counts a place that it could not write to as well', () => {
    const text = 'x:\n  a\n  b\ny:\n      a\n      b\n';
    assert.match(refused('not_unique', () => edit(text, '    a\n    b', '    a\n  c')).message, /2 places/);
  });

  it('takes typographic quotes and dashes for plain ones, and keeps them where nothing changes', () => {
    assert.equal(edit('He said “it’s late” – twice.', "it's late", "it's early"), 'He said “it’s early” – twice.');
  });

  it('is not unique when two places differ only in blanks', () => {
    assert.match(refused('not_unique', () => edit('  a = 1 \n    a = 1 \n', 'a = 1\n', 'b\n')).message, /lines 1, 2/);
  });
});

const word = fc.constantFrom('a', 'b', 'if', '  ', '\t', '{', '}', '$&', 'ß', '“', '😀', '=');
const line = fc.array(word, { maxLength: 5 }).map((words) => words.join(''));
const lineEnd = fc.constantFrom('\n', '\r\n');
const fileText = fc
  .array(fc.tuple(line, lineEnd), { maxLength: 12 })
  .chain((lines) => line.map((last) => lines.map(([text, end]) => text + end).join('') + last));

describe('replaceInText, for any text', () => {
  it('leaves every character outside of the match as it was', () => {
    fc.assert(
      fc.property(fileText, fileText, fileText, (before, after, replacement) => {
        const text = `${before}|<<find me>>${after}`;
        const result = edit(text, '<<find me>>', `[${replacement}]`);
        assert.ok(result.startsWith(`${before}|[`));
        assert.ok(result.endsWith(`]${after}`));
        const inserted = result.slice(before.length + 2, result.length - after.length - 1);
        assert.equal(inserted.replaceAll('\r\n', '\n'), replacement.replaceAll('\r\n', '\n'));
      }),
      { numRuns: 500 },
    );
  });

  it('gives, up to line ends, what a plain splice of an exact match gives', () => {
    fc.assert(
      fc.property(fileText, fc.nat(), fc.nat(), fileText, (text, from, length, replacement) => {
        const plain = text.replaceAll('\r\n', '\n');
        const start = from % (plain.length + 1);
        const find = plain.slice(start, start + 1 + (length % 20));
        fc.pre(find !== '' && plain.indexOf(find) === plain.lastIndexOf(find));
        const instead = replacement.replaceAll('\r\n', '\n');
        fc.pre(instead !== find);
        const index = plain.indexOf(find);
        // In front of blanks and behind them a line may be refused.
        fc.pre(!/^[ \t]+$/m.test(plain.slice(index + find.length).split('\n')[0] ?? ''));
        fc.pre(plain.slice(0, index).trimEnd() === plain.slice(0, index) || !replacement.includes('\n'));
        const expected = plain.slice(0, index) + instead + plain.slice(index + find.length);
        assert.equal(edit(text, find, replacement).replaceAll('\r\n', '\n'), expected);
      }),
      { numRuns: 500 },
    );
  });

  it('gives the text from before when the edit is turned around', () => {
    fc.assert(
      fc.property(fileText, fileText, fc.string({ unit: 'grapheme', maxLength: 20 }), (before, after, replacement) => {
        fc.pre(!/[\r\n]/.test(replacement) && !`${before}${after}`.includes('<<'));
        const text = `${before}|<<find me>>|${after}`;
        const changed = edit(text, '<<find me>>', `<<${replacement}!>>`);
        assert.equal(edit(changed, `<<${replacement}!>>`, '<<find me>>'), text);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses in bounded time and few words, in files of 5 MB and with endless lines', () => {
    const code = Array.from({ length: 130_000 }, (_, index) => `    const value${index} = of(${index}, "x");`).join(
      '\n',
    );
    const cases: readonly (readonly [string, string])[] = [
      [code, 'const value5 = of(6, "x");'],
      [code.replaceAll('\n', '\r\n'), '    if (alpha) {\n      beta();\n    }'],
      [code.replaceAll('\n', ' '), 'const value5 = of(6, "x"); more'],
      [`${' '.repeat(5_000_000)}x`, 'a  b'],
      ['x '.repeat(2_500_000), 'x  y '.repeat(50_000)],
    ];
    for (const [text, find] of cases) {
      const start = process.cpuUsage();
      const error = refused('no_match', () => edit(text, find, 'something else'));
      const { user } = process.cpuUsage(start);
      assert.ok(error.message.length < 1_000);
      assert.ok(user < 1_500_000, `${user / 1_000} ms for ${find.slice(0, 40)}`);
      console.log(`      5 MB: ${(user / 1_000).toFixed(0)} ms of processor time`);
    }
  });

  it('replaces each of many places in one long line in no time, whatever the line ends', () => {
    for (const instead of ['x', 'x\n']) {
      const start = process.cpuUsage();
      const { replacements } = replaceInText(`a\r\nb\n${'e '.repeat(200_000)}`, 'e', instead, all);
      const { user } = process.cpuUsage(start);
      assert.equal(replacements, 200_000);
      assert.ok(user < 2_500_000, `${user / 1_000} ms`);
    }
  });

  it('either refuses or changes only lines that equal the wanted ones but for blanks and punctuation', () => {
    const bare = (text: string): string => text.replaceAll('“', '"').replace(/\s+/g, '');
    fc.assert(
      fc.property(fileText, fileText, (text, find) => {
        let result: string;
        try {
          result = edit(text, find, 'REPLACED');
        } catch (error) {
          assert.ok(error instanceof ToolError);
          return;
        }
        const [head, tail] = result.split('REPLACED');
        assert.ok(head !== undefined && tail !== undefined);
        const removed = text.slice(text.startsWith(head) ? head.length : 0, text.length - tail.length);
        assert.ok(bare(removed).includes(bare(find)), JSON.stringify({ text, find, removed }));
      }),
      { numRuns: 500 },
    );
  });
});
