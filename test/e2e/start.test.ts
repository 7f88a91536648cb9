import { strict as assert } from 'node:assert';
import { spawn, type ChildProcess } from 'node:child_process';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../host/browser.mjs';
import { Panel } from '../support/panel';
import { screenshotsDir, viewIn } from '../support/vscodeWindow';

describe('npm start', function () {
  this.timeout(90_000);
  let server: ChildProcess;
  let browser: Browser;

  before(async () => {
    // Without a display, so that it is the browser's VS Code on every machine.
    const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
    server = spawn(process.execPath, ['scripts/start.mjs', '--no-install'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGTERM');
    await ended;
  });

  it('prints an address whose page runs the demo to a green test with three decisions', async () => {
    const url = await printedUrl(server);
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\//);
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    await page.goto(url);
    const panel = new Panel(await viewIn(page, 'Countersign'));
    await panel.button(/try the demo/i).click();
    await panel.holds('Fix the failing test.');
    await panel.composer.press('Enter');
    await panel.answer('test/run.js', 'Approve');
    await panel.shows(/FAILED {2}tax is due/);
    await panel.button('Approve').click();
    await panel.shows('The change is in.');
    await panel.button('Approve').click();
    await panel.shows('That was the demo.');
    await panel.shows('5 passed, 0 failed');
    await page.screenshot({ path: `${screenshotsDir()}/npm-start.png` });
  });

  it('lets nobody in without the printed address', async () => {
    const { origin } = new URL(await printedUrl(server));
    const answer = await fetch(origin, { redirect: 'manual' });
    const body = await answer.text();
    assert.ok(answer.status >= 300 || /password/i.test(body), `status ${answer.status}`);
    assert.ok(!body.includes('vscode-workbench-web-configuration'));
  });
});

const printed = new WeakMap<ChildProcess, Promise<string>>();

/** The address that the server has printed, or will. */
function printedUrl(server: ChildProcess): Promise<string> {
  const known = printed.get(server);
  if (known) return known;
  const url = new Promise<string>((resolve, reject) => {
    let output = '';
    server.stdout?.on('data', (data: Buffer) => {
      output += data.toString();
      const found = /is open at: (\S+)/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
    server.once('exit', (code) => reject(new Error(`npm start ended with ${String(code)}:\n${output}`)));
  });
  printed.set(server, url);
  return url;
}
