import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { runQuietly } from '../../scripts/children.mjs';
import { runAsScript } from '../../scripts/runAsScript.mjs';

const packages = new Map([
  ['bwrap', 'bubblewrap'],
  ['socat', 'socat'],
]);

/** @returns {string[]} the programs that hold commands on Linux and are not on PATH */
export function missingSandboxTools() {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...packages.keys()].filter((name) => !folders.some((folder) => existsSync(join(folder, name))));
}

/**
 * Makes sure that commands can be held by the operating system. On Debian or Ubuntu as root it installs what is missing and
 * says so; elsewhere the tests of the sandbox say that they did not run.
 * @param {{mayInstall: boolean, say?: (line: string) => void}} options
 */
export async function ensureSandboxTools({ mayInstall, say = console.log }) {
  const missing = missingSandboxTools();
  if (process.platform !== 'linux' || missing.length === 0) return;
  const names = missing.map((name) => packages.get(name) ?? name);
  const line = `apt-get update && apt-get install -y ${names.join(' ')}`;
  if (!mayInstall || process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) {
    say(`${missing.join(' and ')} not found: the sandbox for commands is not tested. On Debian or Ubuntu: ${line}`);
    return;
  }
  say(`Installing what holds commands for the tests: ${line} (--no-install forbids this)`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runQuietly('apt-get', ['update'], { env });
  await runQuietly('apt-get', ['install', '-y', '--no-install-recommends', ...names], { env });
}

runAsScript(import.meta.url, () => ensureSandboxTools({ mayInstall: true }));
