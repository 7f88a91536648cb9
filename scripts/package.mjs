// node scripts/package.mjs   builds and packs the extension: build/countersign.vsix. Prints what is in it and how large it is.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { root } from './root.mjs';
import { writeNotices } from './notices.mjs';
import { runAsScript } from './runAsScript.mjs';

export const vsixFile = path.join(root, 'build', 'countersign.vsix');

/**
 * Packs what was built into dist/.
 * @returns {string} the .vsix
 */
export function packageExtension() {
  mkdirSync(path.dirname(vsixFile), { recursive: true });
  rmSync(vsixFile, { force: true });
  writeNotices();
  const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
  const args = [
    vsce,
    'package',
    '--no-dependencies',
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
    '--out',
    vsixFile,
  ];
  const result = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`vsce package failed:\n${result.stdout}${result.stderr}`);
  return vsixFile;
}

runAsScript(import.meta.url, () => {
  const file = packageExtension();
  console.log(`${path.relative(root, file)}: ${(statSync(file).size / 1024).toFixed(0)} KB`);
});
