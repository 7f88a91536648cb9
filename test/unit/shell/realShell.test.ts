import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { judgeLine } from '../../../src/core/shell/judgeLine';
import { parseLine } from '../../../src/core/shell/parseLine';

const seed = 20_261_121;
const programs = ['ls', 'cat', 'rg', 'git', 'wc', 'sort'] as const;

const plain = fc.stringMatching(/^[A-Za-z0-9_./:=@%+,-]{1,8}$/);
const quoted = fc.stringMatching(/^[ -&(-~äß€]{0,8}$/).map((text) => `'${text}'`);
const doubleQuoted = fc.stringMatching(/^[ #%-\]^_a-~]{0,8}$/).map((text) => `"${text}"`);
const escaped = fc.constantFrom('\\(', '\\*', '\\"', "\\'", '\\$', '\\;', '\\|', '\\\\', '\\&', '\\#', '\\~', '\\{');
const odd = fc.constantFrom(
  '~',
  '#',
  '!',
  '*',
  '{a,b}',
  '$x',
  '`',
  '(',
  '\\a',
  '&',
  '^',
  '?',
  '[a]',
  'HEAD~1',
  'HEAD^',
  '""',
);
const word = fc
  .array(fc.oneof({ weight: 6, arbitrary: plain }, quoted, doubleQuoted, escaped, { weight: 1, arbitrary: odd }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => parts.join(''));
const operator = fc.constantFrom(
  ' | ',
  ' && ',
  '; ',
  '\n',
  '|',
  '&&',
  ' || ',
  ' 2>&1 | ',
  ' >/dev/null; ',
  ' ;; ',
  ' & ',
);
const command = fc
  .tuple(fc.constantFrom(...programs), fc.array(word, { maxLength: 4 }))
  .map(([program, words]) => [program, ...words].join(' '));
const line = fc
  .array(fc.tuple(command, operator), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.map(([text, after], index) => (index === parts.length - 1 ? text : text + after)).join(''));

describe('What the guard reads in a line', () => {
  let folder: string;
  before(async function () {
    if (process.platform === 'win32') this.skip();
    folder = await mkdtemp(path.join(tmpdir(), 'countersign-shell-'));
    mkdirSync(path.join(folder, 'bin'));
    mkdirSync(path.join(folder, 'empty'));
    for (const program of programs) {
      const file = path.join(folder, 'bin', program);
      // One file for each call: the sides of a pipe run at once.
      writeFileSync(file, `#!/bin/bash\nprintf '%s\\0' "\${0##*/}" "$@" > "$(/usr/bin/mktemp "$RECORDS/XXXXXXXX")"\n`);
      chmodSync(file, 0o755);
    }
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  for (const shell of ['/bin/bash', '/bin/sh'])
    it(`is what ${shell} hands to the programs, word by word`, function () {
      this.timeout(120_000);
      let understood = 0;
      fc.assert(
        fc.property(line, (text) => {
          const commands = parseLine(text);
          // Only lines in which every command runs, whatever becomes of the others.
          if ('reason' in commands || commands.some(({ before }) => before === '||')) return;
          if (
            commands.some(({ redirects }) =>
              redirects.some(({ kind, target }) => kind === 'read' || !/^(\/dev\/null|1)$/.test(target)),
            )
          )
            return;
          understood += 1;
          const expected = commands.map(({ words }) => words.map((one) => `${one}\0`).join(''));
          assert.deepEqual(recorded(shell, text, folder).toSorted(), expected.toSorted(), text);
        }),
        { seed, numRuns: 300 },
      );
      assert.ok(understood > 80, `only ${understood} of the lines were understood`);
    });

  it('is judged without a failure and in time, whatever it is', function () {
    this.timeout(60_000);
    const noise = fc.oneof(
      line,
      fc.string({ maxLength: 10_000, unit: 'binary' }),
      fc
        .array(
          fc.constantFrom('$(', '`', '"', "'", '((', '{', '[[', '<<a', '\n', '|', '&&', ';', 'a', ' ', '\\', '}', ')'),
          { maxLength: 3_000 },
        )
        .map((parts) => parts.join('')),
      fc
        .tuple(fc.constantFrom('$(', '(', '{ ', '"$(', '[[ ', '${a:-', 'a=(', '<('), fc.integer({ min: 1, max: 2_000 }))
        .map(([part, times]) => part.repeat(times).slice(0, 10_000)),
    );
    judgeLine('ls "a"');
    fc.assert(
      fc.property(noise, (text) => {
        const start = performance.now();
        judgeLine(text);
        const took = performance.now() - start;
        assert.ok(took < 50, `${took} ms for ${JSON.stringify(text.slice(0, 100))}`);
      }),
      { seed, numRuns: 1_000 },
    );
  });
});

let run = 0;

function recorded(shell: string, text: string, folder: string): readonly string[] {
  run += 1;
  const records = path.join(folder, `records-${run}`);
  mkdirSync(records);
  const result = spawnSync(shell, ['-c', text], {
    cwd: path.join(folder, 'empty'),
    env: { PATH: path.join(folder, 'bin'), RECORDS: records, LANG: 'C.UTF-8' },
    encoding: 'utf8',
  });
  const listed = spawnSync('/bin/ls', ['-A', records], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((name) => name !== '');
  assert.equal(result.error, undefined);
  return listed.map((name) => readFileSync(path.join(records, name), 'utf8'));
}
