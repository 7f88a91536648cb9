// node scripts/notices.mjs   writes ThirdPartyNotices.txt: the licence of every package whose code or data is in the bundles or beside them.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { buildSync } from 'esbuild';
import { modelDataLicence, modelDataSource } from './modelDataSource.mjs';
import { root } from './root.mjs';
import { runAsScript } from './runAsScript.mjs';

const entries = ['src/extension/main.ts', 'src/webview/main.tsx', 'src/node/commands/containment/sandboxRuntime.ts'];
/** Packages of which esbuild.mjs copies files beside the bundles. */
const copied = ['node_modules/sql.js'];

/** Writes the file; the same sources give the same bytes. */
export function writeNotices() {
  const sections = bundledPackages().map((folder) => {
    const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const licence = licenceText(folder) ?? `Licence: ${manifest.license ?? 'see the package'}`;
    return `${manifest.name} ${manifest.version}\n\n${licence.trim()}\n`;
  });
  sections.push(`${modelDataSource.name} ${modelDataSource.version} (data of models)\n\n${modelDataLicence}\n`);
  const line = `\n${'-'.repeat(80)}\n\n`;
  const head = 'Countersign contains code or data of these packages, under their licences.\n';
  writeFileSync(path.join(root, 'ThirdPartyNotices.txt'), head + line + sections.join(line));
}

/** @returns {string[]} the folders of all packages that esbuild takes code from, sorted */
function bundledPackages() {
  const { metafile } = buildSync({
    entryPoints: entries.filter((entry) => existsSync(path.join(root, entry))),
    absWorkingDir: root,
    bundle: true,
    write: false,
    outdir: 'build/notices',
    metafile: true,
    platform: 'node',
    external: ['vscode', '@microsoft/mxc-sdk'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    alias: { react: 'preact/compat', 'react-dom': 'preact/compat', 'react/jsx-runtime': 'preact/jsx-runtime' },
    loader: { '.ttf': 'dataurl', '.svg': 'dataurl' },
    logLevel: 'error',
  });
  const folders = Object.keys(metafile.inputs).flatMap((file) => {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file);
    return found ? [path.join(root, found[1])] : [];
  });
  return [...new Set([...folders, ...copied.map((folder) => path.join(root, folder))])].sort();
}

/** @param {string} folder */
function licenceText(folder) {
  const name = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  return name === undefined ? undefined : readFileSync(path.join(folder, name), 'utf8');
}

runAsScript(import.meta.url, () => writeNotices());
