import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import * as path from 'node:path';
import fc from 'fast-check';
import { ripgreps } from '../support/ripgrep';
import { globIn, grepIn, places } from '../support/searches';
import { useTempFolder, writeFiles, type Files } from '../support/tempFolder';

const isLong = process.env['COUNTERSIGN_TORTURE'] === 'long';

for (const { name, option } of ripgreps)
  describe(`${name} finds what our own walk finds`, function () {
    this.timeout(120_000);
    const temp = useTempFolder();
    let trees = 0;
    async function newTree(files: Files): Promise<string> {
      const folder = path.join(temp.path, String(trees++));
      mkdirSync(folder);
      await writeFiles(folder, files);
      return folder;
    }

    it('beside a file that is too large, whether its size was asked for or reading it took too long', async () => {
      const large = `${'a line of a log\n'.repeat(4_000_000)}needle\n`;
      const tree = await newTree({ 'a.txt': 'needle\n', 'large.log': large, 'z.txt': 'a needle\n' });
      for (const largeFilesMs of [60_000, 1])
        assert.deepEqual(places(await grepIn(tree, { ...option, largeFilesMs }, 'needle')), ['a.txt:1:1', 'z.txt:1:3']);
    });

    it('under any .gitignore', async () => {
      const word = fc.constantFrom('a', 'b', 'ab', 'B', '*', '**', 'a*', '?', '[ab]', '[!a]', 'a.b', '*.b', '\\a', ' ');
      const line = fc
        .record({
          not: fc.boolean(),
          root: fc.boolean(),
          words: fc.array(word, { minLength: 1, maxLength: 3 }),
          dir: fc.boolean(),
        })
        .map(({ not, root, words, dir }) => `${not ? '!' : ''}${root ? '/' : ''}${words.join('/')}${dir ? '/' : ''}`);
      const rules = fc.array(line, { maxLength: 4 }).map((lines) => lines.join('\n'));
      await fc.assert(
        fc.asyncProperty(rules, rules, rules, async (top, deep, own) => {
          const tree = await newTree({
            ...{
              '.gitignore': top,
              'a/.gitignore': deep,
              '.countersignignore': own,
              a2: 'x',
              'b/a': 'x',
              'b/ab/B': 'x',
            },
            ...{ 'a/a/a': 'x', 'a/b': 'x', 'a/ab/a.b': 'x', 'a/c.b': 'x', ab: 'x', 'c/a/b': 'x', 'c/ab': 'x', B: 'x' },
          });
          for (const where of [undefined, 'a']) {
            const more = where === undefined ? {} : { path: where };
            assert.deepEqual(
              places(await grepIn(tree, option, 'x', more)),
              places(await grepIn(tree, false, 'x', more)),
            );
          }
          assert.deepEqual(await globIn(tree, option, '**'), await globIn(tree, false, '**'));
        }),
        { numRuns: isLong ? 1_000 : 20 },
      );
    });

    it('for any pattern and any bytes', async () => {
      const atom = fc.constantFrom(
        ...[
          'a',
          'k',
          'é',
          '😀',
          '.',
          '\\w',
          '\\W',
          '\\d',
          '\\D',
          '\\s',
          '\\S',
          '[^a]',
          '[a-k]',
          '[é-ü]',
          '[\\W]',
          '[^\\s\\d]',
        ],
        ...[
          '\\b',
          '^',
          '$',
          '-',
          '\\-',
          '{',
          '}',
          '"',
          '\\u00e9',
          '\\x41',
          '\\.',
          '(a|b)',
          '(?:é|a)',
          '\\p{L}',
          '\\P{L}',
          ' ',
        ],
      );
      const pattern = fc
        .array(fc.tuple(atom, fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,}', '+?')), {
          minLength: 1,
          maxLength: 4,
        })
        .map((parts) => parts.map(([one, count]) => one + (/^(\\b|\^|\$)$/.test(one) ? '' : count)).join(''));
      const piece = fc.constantFrom(
        ...['a', 'k', 'K', 'é', 'É', '😀', '-', '{', '}', '"', '.', ' ', '_', '7', '٣', '\t', '\u00a0', '\ufeff'].map(
          (text) => Buffer.from(text),
        ),
        ...['\r', '\n', '\r\n', '\u2028', '\u0085', 'b', 'A'].map((text) => Buffer.from(text)),
        ...[0xff, 0xe9, 0x80, 0xc3, 0xa0].map((byte) => Buffer.from([byte])),
      );
      const content = fc.array(piece, { minLength: 1, maxLength: 12 }).map((pieces) => Buffer.concat(pieces));
      await fc.assert(
        fc.asyncProperty(
          pattern,
          fc.array(content, { minLength: 3, maxLength: 6 }),
          fc.boolean(),
          async (regex, contents, caseSensitive) => {
            const tree = await newTree(Object.fromEntries(contents.map((bytes, index) => [`f${index}`, bytes])));
            const more = { regex: true, caseSensitive };
            const [one, other] = await Promise.all(
              [option, false as const].map((engine) => grepIn(tree, engine, regex, more)),
            );
            assert.deepEqual(one, other);
          },
        ),
        {
          numRuns: isLong ? 600 : 80,
          // A byte order mark in front of what is no UTF-8; a return that ends no line.
          examples: [
            ['[\\W]a', [Buffer.from('a'), Buffer.from('b'), Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0xff])], false],
            ['\\Wa', [Buffer.from('\ra'), Buffer.from('a'), Buffer.from('b')], false],
            ['a$', [Buffer.from('a\r\n'), Buffer.from('b\na'), Buffer.from('a\rb')], true],
          ],
        },
      );
    });
  });
