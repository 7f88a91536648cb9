// node scripts/pack.mjs   builds the npm package in build/package and packs it to build/countersign-VERSION.tgz.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { buildPackage } from '../esbuild.mjs';
import { npm } from './npm.mjs';
import { root } from './root.mjs';
import { runAsScript } from './runAsScript.mjs';

export const packageFolder = path.join(root, 'build', 'package');

/**
 * Fills build/package: bundles, declarations, a package.json of its own (the root's is the extension's).
 * @returns {Promise<string>} the folder
 */
export async function stagePackage() {
  rmSync(packageFolder, { recursive: true, force: true });
  mkdirSync(packageFolder, { recursive: true });
  await buildPackage();
  emitDeclarations();
  const { version, license, description } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const face = (name) => ({ types: `./types/${name}.d.ts`, import: `./dist/${name}.js` });
  const manifest = {
    name: 'countersign',
    version,
    description,
    license,
    type: 'module',
    engines: { node: '>=20.19.0' },
    exports: { '.': face('index'), './provider': face('provider') },
    sideEffects: false,
  };
  writeFileSync(path.join(packageFolder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const file of ['LICENSE', 'CHANGELOG.md']) copyFileSync(path.join(root, file), path.join(packageFolder, file));
  return packageFolder;
}

function emitDeclarations() {
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const outDir = path.join(packageFolder, 'types');
  const options = [
    '--noEmit',
    'false',
    '--declaration',
    '--emitDeclarationOnly',
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

runAsScript(import.meta.url, async () => {
  const folder = await stagePackage();
  await npm(['pack', '--pack-destination', path.join(root, 'build')], folder);
});
