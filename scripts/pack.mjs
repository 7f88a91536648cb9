// node scripts/pack.mjs   builds the npm package in build/package and packs it to build/countersign-VERSION.tgz.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { buildPackage, packageFaces } from '../esbuild.mjs';
import { npm } from './npm.mjs';
import { root } from './root.mjs';
import { runAsScript } from './runAsScript.mjs';

export const packageFolder = path.join(root, 'build', 'package');

/**
 * Fills a folder with the package: bundles, declarations, a package.json of its own (the root's is the extension's).
 * @param {string} [folder]
 * @returns {Promise<Record<string, import('esbuild').Metafile>>} what went into its ES modules, by the names of the bundles
 */
export async function stagePackage(folder = packageFolder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const faces = Object.keys(packageFaces());
  const metas = await buildPackage({ outdir: path.join(folder, 'dist') });
  stageDeclarations(path.join(folder, 'types'), faces);
  const { version, license, description } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const manifest = {
    name: 'countersign',
    version,
    description,
    license,
    type: 'module',
    engines: { node: '>=20.19.0' },
    exports: Object.fromEntries(faces.map((face) => [face === 'index' ? '.' : `./${face}`, entriesOf(face)])),
    // For tools that read no `exports`.
    main: './dist/cjs/index.js',
    types: './types/cjs/index.d.ts',
    sideEffects: false,
  };
  writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const file of ['LICENSE', 'CHANGELOG.md']) copyFileSync(path.join(root, file), path.join(folder, file));
  return metas;
}

/** @param {string} face */
function entriesOf(face) {
  const entry = (format) => ({ types: `./types/${format}/${face}.d.ts`, default: `./dist/${format}/${face}.js` });
  return { import: entry('esm'), require: entry('cjs') };
}

/** What the faces declare, once for each format: as Node resolves, relative names need their endings. */
function stageDeclarations(folder, faces) {
  const emitted = path.join(folder, 'emitted');
  emitDeclarations(emitted);
  /** @type {Map<string, string>} */
  const reached = new Map();
  const visit = (file) => {
    if (reached.has(file)) return;
    const text = readFileSync(path.join(emitted, file), 'utf8');
    reached.set(
      file,
      text.replace(relativeName, (_all, before, name, after) => `${before}${name}.js${after}`),
    );
    for (const [, , name] of text.matchAll(relativeName)) visit(path.join(path.dirname(file), `${name}.d.ts`));
  };
  for (const face of faces) visit(`${face}.d.ts`);
  for (const format of ['esm', 'cjs'])
    for (const [file, text] of reached) {
      mkdirSync(path.dirname(path.join(folder, format, file)), { recursive: true });
      writeFileSync(path.join(folder, format, file), text);
    }
  writeFileSync(path.join(folder, 'cjs', 'package.json'), '{ "type": "commonjs" }\n');
  rmSync(emitted, { recursive: true });
}

/** In `from './x'` and `import('./x')`, as the compiler writes declarations. */
const relativeName = /(\bfrom '|\bimport\(["'])(\.{1,2}\/[^'"]+)(["'])/g;

/** @param {string} outDir */
function emitDeclarations(outDir) {
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const options = [
    '--noEmit',
    'false',
    '--declaration',
    '--emitDeclarationOnly',
    // Checking is the type check's own business, and takes more than half of the time.
    '--noCheck',
    '--stripInternal',
    '--rootDir',
    'src',
    '--outDir',
    outDir,
  ];
  const result = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.node.json', ...options], {
    cwd: root,
    encoding: 'utf8',
  });
  if (result.status !== 0) throw new Error(`The declarations could not be made:\n${result.stdout}`);
}

/**
 * Stages the package and packs it.
 * @param {string} folder where the tarball goes
 * @param {string} [staging]
 */
export async function packInto(folder, staging = packageFolder) {
  const metas = await stagePackage(staging);
  await npm(['pack', '--pack-destination', folder], staging);
  return metas;
}

runAsScript(import.meta.url, async () => {
  await packInto(path.join(root, 'build'));
});
