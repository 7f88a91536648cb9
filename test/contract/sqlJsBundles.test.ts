import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { useTempFolder } from '../support/tempFolder';

/** Away from our packages: only what is in the bundles can work. */
const program = `
import { StoreError } from ${JSON.stringify(path.resolve('src/core/errors'))};
import { loadSqlJs } from ${JSON.stringify(path.resolve('src/node/sqlJs/loadSqlJs'))};

export async function tryIt(folder: string): Promise<unknown> {
  const engine = await loadSqlJs(folder);
  const db = engine.open(folder + '/session.db', 'create');
  db.exec('CREATE TABLE t(x)');
  await db.sync();
  db.close();
  const refusal: unknown = await loadSqlJs(folder + '/missing').then(() => 'none', (error: unknown) => error);
  return refusal instanceof StoreError ? refusal.code : refusal;
}
void tryIt(process.argv[2] ?? '').then((answer) => console.log(answer));
`;

describe('The SQL engine in a bundle', function () {
  this.timeout(30_000);
  const folder = useTempFolder();

  /** Builds the program by esbuild.mjs itself and runs it. */
  function buildAndRun(call: string, out: string): string {
    const entry = path.join(folder.path, 'entry.ts');
    writeFileSync(entry, program);
    const script = `import * as bundles from './esbuild.mjs'; await bundles.${call};`
      .replaceAll('ENTRY', JSON.stringify(entry))
      .replaceAll('OUT', JSON.stringify(path.join(folder.path, 'out')));
    execFileSync(process.execPath, ['--input-type=module', '-e', script]);
    const main = path.join(folder.path, 'out', out);
    return execFileSync(process.execPath, [main, folder.path], { encoding: 'utf8' }).trim();
  }

  it('works in the extension, as a bundle that activation does not read', () => {
    assert.equal(buildAndRun('buildExtension({ entry: ENTRY, outdir: OUT })', 'extension.js'), 'unavailable');
    const [shell, lazy] = ['extension.js', 'lazy/sqlJsModule.js'].map((name) => path.join(folder.path, 'out', name));
    assert.ok(statSync(shell ?? '').size <= 30_000, `the rest has ${statSync(shell ?? '').size} bytes`);
    assert.ok(!readFileSync(lazy ?? '', 'utf8').includes('StoreError'));
  });

  for (const format of ['esm', 'cjs'])
    it(`works in the npm package (${format})`, () => {
      writeFileSync(path.join(folder.path, 'package.json'), '{"type":"module"}');
      const call = 'buildPackage({ entryPoints: { main: ENTRY }, outdir: OUT })';
      assert.equal(buildAndRun(call, `${format}/main.js`), 'unavailable');
    });
});
