import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { runQuietly } from '../../scripts/children.mjs';
import { npm } from '../../scripts/npm.mjs';
import { runAsScript } from '../../scripts/runAsScript.mjs';
import { hashOf, isStamped, stamp } from '../../scripts/stamp.mjs';
import { paths } from './paths.mjs';

const nativeModules = [
  'node-pty',
  '@vscode/spdlog',
  '@vscode/native-watchdog',
  '@parcel/watcher',
  '@vscode/deviceid',
  '@vscode/fs-copyfile',
];

/**
 * Installs the VS Code that tests and `npm start` use: about 40 s and 470 MB the first time, nothing afterwards.
 * @param {{mayInstall?: boolean, say?: (line: string) => void}} [options]
 * @throws {Error} when this machine cannot have it; the message says what to do
 */
export async function installHost({ mayInstall = true, say = console.log } = {}) {
  const hash = hashOf(paths.lock, fileURLToPath(import.meta.url));
  if (isStamped(paths.stamp, hash)) return;
  refuseOtherPlatforms();
  if (!mayInstall) {
    throw new Error(
      'VS Code for the tests is not installed and --no-install forbids it. Run `node test/host/install.mjs`.',
    );
  }
  requireBuildTools();
  say('Installing VS Code for the tests into test/host/node_modules (once, about 40 s)');
  await npm(['ci', '--ignore-scripts'], paths.here);
  await installVsCodeModules();
  removeWhatTestsNeverUse();
  await runQuietly(paths.node, [join(paths.codeServer, 'out/node/entry.js'), '--config', '/dev/null', '--version']);
  stamp(paths.stamp, hash);
}

/** The native modules must be built against Node 24's headers, not against those of the Node that runs this script. */
async function installVsCodeModules() {
  const env = {
    PATH: [join(paths.nodePackage, 'bin'), process.env['PATH']].join(delimiter),
    npm_config_nodedir: paths.nodePackage,
  };
  const vscode = join(paths.codeServer, 'lib/vscode');
  const extensions = join(vscode, 'extensions');
  await npm(['install', '--omit=dev', '--ignore-scripts'], vscode, env);
  await npm(['rebuild', ...nativeModules], vscode, env);
  await npm(['install', '--omit=dev', '--ignore-scripts'], extensions, env);
  await runQuietly(paths.node, ['postinstall.mjs'], { cwd: extensions, env: { ...process.env, ...env } });
  linkAnew('code-linux.sh', join(vscode, 'bin/remote-cli/code-server'));
  linkAnew('browser-linux.sh', join(vscode, 'bin/helpers/browser.sh'));
}

/** @param {string} target @param {string} link */
function linkAnew(target, link) {
  rmSync(link, { force: true });
  symlinkSync(target, link);
}

function removeWhatTestsNeverUse() {
  const vscode = join(paths.codeServer, 'lib/vscode');
  const ripgreps = join(vscode, 'node_modules/@vscode/ripgrep-universal/bin');
  const unused = [
    join(vscode, 'node_modules/@github'),
    join(vscode, 'node_modules/@microsoft/mxc-sdk'),
    join(vscode, 'extensions/copilot'),
    ...readdirSync(ripgreps)
      .filter((platform) => platform !== 'linux-x64')
      .map((platform) => join(ripgreps, platform)),
    ...['include', 'share', 'CHANGELOG.md'].map((name) => join(paths.nodePackage, name)),
  ];
  for (const path of unused) rmSync(path, { recursive: true, force: true });
}

function refuseOtherPlatforms() {
  const platform = `${process.platform}-${process.arch}`;
  if (platform === 'linux-x64') return;
  throw new Error(
    `The VS Code for tests exists for linux-x64 only; this is ${platform}. ` +
      'Install desktop VS Code with its `code` command on PATH and run `npm start`, or run the tests on Linux x64.',
  );
}

function requireBuildTools() {
  const missing = ['g++', 'make', 'python3'].filter((tool) => spawnSync(tool, ['--version']).status !== 0);
  if (missing.length === 0) return;
  throw new Error(
    `VS Code's native modules cannot be built: ${missing.join(', ')} not found on PATH. ` +
      'On Debian or Ubuntu: apt-get install -y g++ make python3. On Fedora: dnf install gcc-c++ make python3.',
  );
}

runAsScript(import.meta.url, () => installHost());
