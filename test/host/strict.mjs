import {
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runAsScript } from '../../scripts/runAsScript.mjs';
import { hashOf, isStamped, stamp } from '../../scripts/stamp.mjs';
import { paths } from './paths.mjs';

/** The two places where VS Code asks whether an extension may use a proposed API. */
const guardedFiles = ['code/browser/workbench/workbench.js', 'workbench/api/node/extensionHostProcess.js'];

/** `function X(e,p){return!0}` right before the function that throws "CANNOT use API proposal" when X says no. */
const switchedOff =
  /function (\w+)\((\w+),(\w+)\)\{return!0\}(?=function \w+\(\w+,\w+\)\{if\(!\1\(\w+,\w+\)\)throw new Error\(`Extension '\$\{\w+\.identifier\.value\}' CANNOT use API proposal)/;

/**
 * Makes the copy in which proposed API is refused as in real VS Code: code-server lets every extension use all of it.
 * Hard links, so it takes seconds and hardly any space. Free when it stands already. Run installHost() first.
 */
export function makeStrictHost() {
  const hash = hashOf(paths.stamp, fileURLToPath(import.meta.url));
  if (isStamped(paths.strictStamp, hash)) return;
  rmSync(paths.strictCodeServer, { recursive: true, force: true });
  linkTree(paths.codeServer, paths.strictCodeServer);
  for (const file of guardedFiles) {
    const original = join(paths.codeServer, 'lib/vscode/out/vs', file);
    const copy = join(paths.strictCodeServer, 'lib/vscode/out/vs', file);
    const guarded = withTheCheckOn(readFileSync(original, 'utf8'), file);
    rmSync(copy);
    writeFileSync(copy, guarded);
  }
  stamp(paths.strictStamp, hash);
}

/**
 * @param {string} source minified
 * @param {string} file for the message
 */
function withTheCheckOn(source, file) {
  const found = switchedOff.exec(source);
  if (found === null) {
    throw new Error(
      `Found no switched-off proposed-API check in ${file}. Adapt test/host/strict.mjs to this code-server.`,
    );
  }
  const [off, name, extension, proposal] = found;
  const on = `function ${name}(${extension},${proposal}){return!!(${extension}.enabledApiProposals&&${extension}.enabledApiProposals.includes(${proposal}))}`;
  return source.slice(0, found.index) + on + source.slice(found.index + off.length);
}

/** @param {string} from @param {string} to */
function linkTree(from, to) {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else linkSync(source, target);
  }
}

runAsScript(import.meta.url, makeStrictHost);
