import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';

describe('the tables of what the contract tests show', () => {
  const rows = readFileSync('test/contract/README.md', 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, what = '', file = '', title = ''] = line.split('|').map((cell) => cell.trim());
      return file.endsWith('.test.ts') ? [{ what, file, title }] : [];
    });

  it('name a file and a test that are there, in every row', () => {
    assert.ok(rows.length > 60, `${rows.length} rows`);
    const missing = rows.filter(({ file, title }) => {
      if (!existsSync(file)) return true;
      const starts = readFileSync(file, 'utf8').split(/\bit\(/);
      return !starts.some((start) => start.slice(0, start.indexOf('\n', 400)).replaceAll("\\'", "'").includes(title));
    });
    assert.deepEqual(missing, []);
  });
});
