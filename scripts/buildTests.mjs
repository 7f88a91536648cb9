import { existsSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { root } from './root.mjs';

/**
 * Bundles every `*.test.ts` under test/<suite> into a file of its own under build/test/<suite>.
 * @param {string} suite a folder in test/
 * @param {readonly string[]} [extraEntries] further files in that folder, e.g. the index VS Code loads
 * @returns {Promise<string[]>} the built test files; empty when the suite has none
 */
export async function buildTests(suite, extraEntries = []) {
  const source = join(root, 'test', suite);
  const outdir = join(root, 'build/test', suite);
  rmSync(outdir, { recursive: true, force: true });
  const entries = testFiles(source);
  if (entries.length === 0) return [];
  const extras = extraEntries.map((file) => join(source, file));
  const { metafile } = await build({
    ...{ entryPoints: [...entries, ...extras], outbase: source, outdir, metafile: true, logLevel: 'warning' },
    ...{ bundle: true, platform: 'node', format: 'cjs', target: 'node20', sourcemap: 'inline', sourcesContent: false },
    ...{ packages: 'external', external: ['vscode'], plugins: [ownScriptsStayFiles, ownSqlJs], absWorkingDir: root },
    ...{ jsx: 'automatic', jsxImportSource: 'preact', loader: { '.css': 'text', '.svg': 'text' } },
  });
  const built = Object.keys(metafile.outputs).filter((file) => file.endsWith('.test.js'));
  return built.sort().map((file) => join(root, file));
}

/** @param {string} folder @returns {string[]} */
function testFiles(folder) {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => /\.test\.tsx?$/.test(file)).map((file) => join(folder, file));
}

/** sql.js answers every call with its first program, so two test files in one process must not share it. @type {import('esbuild').Plugin} */
const ownSqlJs = {
  name: 'own-sql-js',
  setup({ onResolve }) {
    const { resolve: find } = createRequire(join(root, 'package.json'));
    onResolve({ filter: /^sql\.js\/.*\.js$/ }, ({ path }) => ({ path: find(path) }));
  },
};

/** Our .mjs tools find things next to themselves, so a test loads them from where they stand. @type {import('esbuild').Plugin} */
const ownScriptsStayFiles = {
  name: 'own-scripts-stay-files',
  setup({ onResolve }) {
    onResolve({ filter: /^\.{1,2}\/.*\.mjs$/ }, ({ path, resolveDir }) => {
      const file = resolve(resolveDir, path);
      const isOurs = ['scripts', 'test/host'].some((folder) => file.startsWith(join(root, folder)));
      return isOurs ? { path: file, external: true } : undefined;
    });
  },
};
