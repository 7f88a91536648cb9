import { join } from 'node:path';
import process from 'node:process';
import ts from 'typescript';
import { run } from './children.mjs';
import { root } from './root.mjs';
import { runAsScript } from './runAsScript.mjs';

const layers = ['core', 'node', 'extension', 'webview', 'test'];

/**
 * Type-checks every layer that has files, two at a time, and prints what is wrong.
 * @returns {Promise<import('./steps.mjs').Counts>} one count per layer
 */
export async function typecheck(say = console.log) {
  const waiting = layers.filter(hasFiles);
  const counts = { passed: 0, failed: 0 };
  const worker = async () => {
    for (let layer = waiting.shift(); layer !== undefined; layer = waiting.shift()) {
      const { code, output } = await check(layer);
      say(`types of ${layer}: ${code === 0 ? 'right' : `wrong\n${output}`}`);
      counts[code === 0 ? 'passed' : 'failed'] += 1;
    }
  };
  await Promise.all([worker(), worker()]);
  return counts;
}

/** @param {string} layer */
async function check(layer) {
  const remembered = join(root, `build/types/${layer}.tsbuildinfo`);
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  let output = '';
  const args = [tsc, '-p', configOf(layer), '--pretty', 'false', '--incremental', '--tsBuildInfoFile', remembered];
  const code = await run(process.execPath, args, { cwd: root, onOutput: (text) => (output += text) });
  return { code, output };
}

/** tsc takes a layer without files for an error. @param {string} layer */
function hasFiles(layer) {
  const config = ts.readConfigFile(configOf(layer), ts.sys.readFile);
  return ts.parseJsonConfigFileContent(config.config, ts.sys, root).fileNames.length > 0;
}

/** @param {string} layer */
function configOf(layer) {
  return join(root, `tsconfig.${layer}.json`);
}

runAsScript(import.meta.url, async () => ((await typecheck()).failed === 0 ? 0 : 1));
