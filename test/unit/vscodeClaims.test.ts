import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';

describe('what VS Code really does', () => {
  const rows = readFileSync('test/vscode/README.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, claim = '', file = '', test = '']) => ({ claim, file, test }));

  it('is shown by a test that exists, or left for a reason', () => {
    assert.ok(rows.length >= 30);
    for (const { claim, file, test } of rows) {
      if (file === '') assert.match(test, /^_deviation_: .{20,}/, claim);
      else assert.ok(titlesIn(file).includes(test), `${file} has no test ${JSON.stringify(test)}`);
    }
  });

  it('stands there once', () => {
    assert.equal(new Set(rows.map(({ claim }) => claim)).size, rows.length);
  });
});

/** As they are written in the source. */
function titlesIn(file: string): readonly string[] {
  return [...readFileSync(file, 'utf8').matchAll(/\bit\((['`"])(.+?)\1, /g)].map(([, , title = '']) => title);
}
