import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { endOwned, runQuietly, spawnOwned } from '../../scripts/children.mjs';
import { temporaryFolder } from '../../scripts/temporaryFolder.mjs';
import { paths } from './paths.mjs';

const startLimitMs = 30_000;

/** What a test needs quiet. A caller's settings win over these. */
const quietSettings = {
  'telemetry.telemetryLevel': 'off',
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'security.workspace.trust.enabled': false,
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'git.openRepositoryInParentFolders': 'never',
  'files.autoSave': 'off',
  // What an icon says of itself would lie over the panel.
  'workbench.hover.delay': 60_000,
};

/**
 * @typedef {object} HostOptions
 * @property {string} [dataDir] holds everything VS Code writes; a temporary folder by default
 * @property {string} [userDataDir] default: `user` in dataDir
 * @property {string} [extensionsDir] default: `extensions` in dataDir
 * @property {number} [port] default: a free one
 * @property {NodeJS.ProcessEnv} [env] added to this process's own; the extension host sees it
 * @property {Record<string, unknown>} [settings] user settings on top of quiet defaults
 * @property {boolean} [strict] refuse proposed API as real VS Code does; default true
 * @property {boolean} [mayLoadFolders] let a window's URL name an extension's folder and tests to load; default true
 * @property {boolean} [isProtected] let in only whom `sessionCookie` was given; default false, then any local user gets in
 */

/**
 * @typedef {object} Host
 * @property {string} url `http://127.0.0.1:PORT`
 * @property {number} port
 * @property {string} dataDir
 * @property {string} userDataDir
 * @property {string} extensionsDir
 * @property {{name: string, value: string} | undefined} sessionCookie present when protected
 * @property {() => string} output what the server printed so far
 * @property {() => Promise<void>} stop ends the server and its extension hosts
 */

/**
 * Starts a real VS Code (server, workbench and extension host) on loopback. It ends with this process at the latest.
 * @param {HostOptions} [options]
 * @returns {Promise<Host>} once it answers
 */
export async function startHost(options = {}) {
  const dataDir = options.dataDir ?? temporaryFolder('host');
  const userDataDir = options.userDataDir ?? join(dataDir, 'user');
  const extensionsDir = options.extensionsDir ?? join(dataDir, 'extensions');
  const port = options.port ?? (await freePort());
  mkdirSync(extensionsDir, { recursive: true });
  mkdirSync(dataDir, { recursive: true });
  writeSettings(userDataDir, options.settings ?? {});
  writeFileSync(join(dataDir, 'config.yaml'), '{}\n');

  const session = options.isProtected === true ? randomBytes(32).toString('hex') : undefined;
  const suffix = String(port);
  const args = [
    ...[serverEntry(options.strict ?? true), '--config', join(dataDir, 'config.yaml')],
    ...['--auth', session === undefined ? 'none' : 'password', '--cookie-suffix', suffix],
    ...['--bind-addr', `127.0.0.1:${port}`, '--user-data-dir', userDataDir, '--extensions-dir', extensionsDir],
    ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', '--ignore-last-opened'],
    ...((options.mayLoadFolders ?? true) ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
  ];
  let output = '';
  const child = spawnOwned(paths.node, args, {
    env: serverEnvironment(dataDir, session, options.env ?? {}),
    onOutput: (text) => (output += text),
  });
  const host = {
    ...{ url: `http://127.0.0.1:${port}`, port, dataDir, userDataDir, extensionsDir },
    sessionCookie: session === undefined ? undefined : { name: `code-server-session-${suffix}`, value: session },
    output: () => output,
    stop: () => endOwned(child),
  };
  await untilItAnswers(host, child);
  return host;
}

/**
 * Writes user settings over the quiet defaults. An open window takes them on its next reload.
 * @param {string} userDataDir
 * @param {Record<string, unknown>} settings
 */
export function writeSettings(userDataDir, settings) {
  mkdirSync(join(userDataDir, 'User'), { recursive: true });
  writeFileSync(join(userDataDir, 'User/settings.json'), JSON.stringify({ ...quietSettings, ...settings }, null, 2));
}

/**
 * The address that opens a folder in this host's workbench.
 * @param {Pick<Host, 'url'>} host
 * @param {{folder: string, developmentPath?: string | undefined, testsPath?: string | undefined}} options absolute or
 *   relative to the working directory; VS Code's web workbench takes one development path only
 */
export function workbenchUrl(host, { folder, developmentPath, testsPath }) {
  /** @param {string} path */
  const remote = (path) => `vscode-remote://${new URL(host.url).host}${resolve(path)}`;
  const payload = [
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
    ...(developmentPath === undefined ? [] : [['extensionDevelopmentPath', remote(developmentPath)]]),
    ...(testsPath === undefined ? [] : [['extensionTestsPath', remote(testsPath)]]),
  ];
  const url = new URL('/', host.url);
  url.searchParams.set(folder.endsWith('.code-workspace') ? 'workspace' : 'folder', resolve(folder));
  url.searchParams.set('payload', JSON.stringify(payload));
  return url.toString();
}

/**
 * Installs a packaged extension as a person would. The host need not run.
 * @param {string} vsix
 * @param {{userDataDir: string, extensionsDir: string, strict?: boolean}} into
 */
export async function installVsix(vsix, { userDataDir, extensionsDir, strict = true }) {
  const folders = ['--extensions-dir', extensionsDir, '--user-data-dir', userDataDir];
  const args = [
    serverEntry(strict),
    '--config',
    '/dev/null',
    ...folders,
    '--install-extension',
    resolve(vsix),
    '--force',
  ];
  const output = await runQuietly(paths.node, args, { env: serverEnvironment(userDataDir, undefined, {}) });
  if (!output.includes('successfully installed')) throw new Error(`${vsix} was not installed:\n${output.trim()}`);
}

/** @param {boolean} strict */
function serverEntry(strict) {
  const entry = join(strict ? paths.strictCodeServer : paths.codeServer, 'out/node/entry.js');
  if (existsSync(entry)) return entry;
  throw new Error('The VS Code for tests is not installed. Run `node test/host/install.mjs`, or `npm test`, first.');
}

/**
 * @param {string} dataDir
 * @param {string | undefined} session
 * @param {NodeJS.ProcessEnv} added
 */
function serverEnvironment(dataDir, session, added) {
  const outer = /^(CODE_SERVER_|VSCODE_|ELECTRON_|PORT$|PASSWORD$|HASHED_PASSWORD$|NODE_OPTIONS$)/;
  const kept = Object.entries(process.env).filter(([name]) => !outer.test(name));
  return {
    ...Object.fromEntries(kept),
    EXTENSIONS_GALLERY: '{}',
    XDG_CONFIG_HOME: join(dataDir, 'xdg-config'),
    XDG_DATA_HOME: join(dataDir, 'xdg-data'),
    XDG_CACHE_HOME: join(dataDir, 'xdg-cache'),
    ...(session === undefined ? {} : { HASHED_PASSWORD: session }),
    ...added,
  };
}

/**
 * @param {Host} host
 * @param {import('node:child_process').ChildProcess} child
 */
async function untilItAnswers(host, child) {
  const deadline = Date.now() + startLimitMs;
  while (!(await answers(`${host.url}/healthz`))) {
    const hasEnded = child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
    if (hasEnded || Date.now() > deadline) {
      await host.stop();
      const what = hasEnded ? 'ended before it answered' : `did not answer within ${startLimitMs / 1000} s`;
      throw new Error(`VS Code's server on ${host.url} ${what}. It printed:\n${host.output()}`);
    }
    await sleep(50);
  }
}

/** @param {string} url */
async function answers(url) {
  return fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.ok,
    () => false,
  );
}

/** @returns {Promise<number>} a port that was free a moment ago */
export function freePort() {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null ? done(address.port) : fail(new Error('No free port')),
      );
    });
  });
}
