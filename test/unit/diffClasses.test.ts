import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diffLines } from '../../src/webview/text/diffLines';

describe('the lines of a diff', () => {
  it('get no look that is meant for something else with the same name', () => {
    const kinds = new Set(
      diffLines('@@ -1,2 +1,2 @@\n one\n-two\n+2\n\\ No newline at end of file').map(({ kind }) => kind),
    );
    assert.deepEqual([...kinds].sort(), ['added', 'context', 'hunk', 'note', 'removed']);
    for (const name of readdirSync('src/webview/styles')) {
      const css = readFileSync(join('src/webview/styles', name), 'utf8');
      for (const kind of kinds) assert.doesNotMatch(css, new RegExp(`^\\.${kind}(?![\\w-])`, 'm'), name);
    }
  });
});
