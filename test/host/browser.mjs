import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { chromium } from 'playwright-core';
import { runQuietly } from '../../scripts/children.mjs';
import { runAsScript } from '../../scripts/runAsScript.mjs';

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
];

const launchFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** @returns {string | undefined} the executable of an installed browser; the environment variable CHROMIUM wins */
export function findBrowser() {
  const chosen = process.env['CHROMIUM'];
  if (chosen !== undefined && chosen !== '') {
    if (existsSync(chosen)) return chosen;
    throw new Error(`CHROMIUM names ${chosen}, which does not exist. Point it at a browser's executable or unset it.`);
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file));
}

/**
 * Makes sure that there is a browser. On Debian or Ubuntu as root it installs the distribution's Chromium and says so.
 * @param {{mayInstall: boolean, say?: (line: string) => void}} options
 * @returns {Promise<string>} the browser's executable
 * @throws {Error} when there is none; the message holds the line to run
 */
export async function ensureBrowser({ mayInstall, say = console.log }) {
  const found = findBrowser();
  if (found !== undefined) return found;
  if (!mayInstall) throw new Error(`No browser found and --no-install forbids installing one. ${howToInstall}`);
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) {
    throw new Error(`No Chrome, Chromium or Edge found on PATH. ${howToInstall}`);
  }
  say('Installing Chromium for the tests: apt-get update && apt-get install -y chromium (--no-install forbids this)');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runQuietly('apt-get', ['update'], { env });
  await runQuietly('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { env });
  const installed = findBrowser();
  if (installed === undefined) throw new Error(`apt-get installed chromium, yet it is not on PATH. ${howToInstall}`);
  return installed;
}

const howToInstall =
  'Install one, for example `sudo apt-get install -y chromium`, or name an executable: CHROMIUM=/path/to/chrome.';

/**
 * Starts the installed browser without a window.
 * @returns {Promise<import('playwright-core').Browser>}
 */
export async function launchBrowser() {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error(`No Chrome, Chromium or Edge found on PATH. ${howToInstall}`);
  return chromium.launch({ executablePath, headless: true, args: launchFlags });
}

runAsScript(import.meta.url, async (args) => {
  console.log(await ensureBrowser({ mayInstall: !args.includes('--no-install') }));
});
