import { join } from 'node:path';
import process from 'node:process';
import { npm } from './npm.mjs';
import { root } from './root.mjs';
import { runAsScript } from './runAsScript.mjs';
import { hashOf, isStamped, stamp } from './stamp.mjs';

/**
 * Installs the root's packages when the lock changed since the last time. Uses nothing but Node and npm.
 * @param {(line: string) => void} [say]
 */
export async function setup(say = console.log) {
  refuseOldNode();
  const lockHash = hashOf(join(root, 'package-lock.json'));
  const stampFile = join(root, 'node_modules', '.countersign-setup');
  if (isStamped(stampFile, lockHash)) return;
  say('Installing packages: npm ci');
  await npm(['ci'], root);
  stamp(stampFile, lockHash);
}

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Error(`Countersign is built with Node 20.19 or newer; this is ${process.version}. Install a newer Node.`);
}

runAsScript(import.meta.url, () => setup());
