import { spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { run } from './children.mjs';
import { root } from './root.mjs';
import { runAsScript } from './runAsScript.mjs';
import { setup } from './setup.mjs';
import { temporaryFolder } from './temporaryFolder.mjs';

// npm start [-- --no-install]   opens the demo in VS Code: the desktop one where there is one, else one in the browser.

/** @param {{mayInstall: boolean}} options */
async function main({ mayInstall }) {
  await setup();
  const demo = copyOfTheDemo();
  const code = await run(process.execPath, ['esbuild.mjs'], { cwd: root });
  if (code !== 0)
    throw new Error(`The build (node esbuild.mjs) ended with exit code ${code}; its messages stand above.`);
  const desktop = findDesktop();
  if (desktop === undefined) await openInBrowser(demo, mayInstall);
  else await openOnDesktop(desktop, demo);
}

/** The demo may be edited freely: it is a copy outside the clone. */
function copyOfTheDemo() {
  const samples = join(root, 'samples/demo-workspace');
  if (!existsSync(samples)) throw new Error('samples/demo-workspace is missing. Restore it: git checkout -- samples');
  const folder = join(temporaryFolder('demo'), 'demo-workspace');
  cpSync(samples, folder, { recursive: true });
  return folder;
}

/** @returns {string | undefined} the `code` command, or the executable that VSCODE names, where a window can be shown */
function findDesktop() {
  const canShowWindows =
    process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
  if (!canShowWindows) return undefined;
  const chosen = process.env['VSCODE'];
  if (chosen !== undefined && chosen !== '') {
    if (existsSync(chosen)) return chosen;
    throw new Error(`VSCODE names ${chosen}, which does not exist. Point it at VS Code's executable or unset it.`);
  }
  const command = process.platform === 'win32' ? 'code.cmd' : 'code';
  const answer = spawnSync(command, ['--version'], { shell: process.platform === 'win32' });
  return answer.status === 0 ? command : undefined;
}

/** @param {string} code @param {string} folder */
async function openOnDesktop(code, folder) {
  const data = temporaryFolder('desktop');
  console.log(`Countersign is open in desktop VS Code on ${folder}. Close its window to end.`);
  await run(code, [
    ...['--new-window', '--wait', `--extensionDevelopmentPath=${root}`],
    ...[`--user-data-dir=${join(data, 'user')}`, `--extensions-dir=${join(data, 'extensions')}`, folder],
  ]);
}

/** @param {string} folder @param {boolean} mayInstall */
async function openInBrowser(folder, mayInstall) {
  const [{ installHost }, { makeStrictHost }, { startHost, workbenchUrl }, { openDoor }] = await Promise.all([
    import('../test/host/install.mjs'),
    import('../test/host/strict.mjs'),
    import('../test/host/host.mjs'),
    import('../test/host/door.mjs'),
  ]);
  await installHost({ mayInstall });
  makeStrictHost();
  const host = await startHost({ isProtected: true });
  const door = await openDoor(host, workbenchUrl(host, { folder, developmentPath: root }));
  console.log('No desktop VS Code found, so this one runs in your browser. Ctrl-C ends it.');
  console.log(`Countersign is open at: ${door.url}`);
}

runAsScript(import.meta.url, (args) => main({ mayInstall: !args.includes('--no-install') }));
