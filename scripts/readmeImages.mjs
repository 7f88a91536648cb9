// node scripts/readmeImages.mjs   makes the README's pictures from the screenshots of the last test run (npm test -- e2e look).
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { launchBrowser } from '../test/host/browser.mjs';
import { root } from './root.mjs';
import { runAsScript } from './runAsScript.mjs';

const shots = path.join(root, 'build/screenshots');
const target = path.join(root, 'media/readme');

/** The panel in three themes, beside each other. */
const panels = ['look/dark-300-approveEdit.png', 'look/light-300-commandFailed.png', 'look/contrast-300-streaming.png'];

async function main() {
  mkdirSync(target, { recursive: true });
  copyFileSync(path.join(shots, 'proposal-in-editor.png'), path.join(target, 'proposal.png'));
  copyFileSync(path.join(shots, 'review-pending-hunks.png'), path.join(target, 'review.png'));
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 980, height: 200 } });
    const images = panels.map(
      (file) => `<img src="data:image/png;base64,${readFileSync(path.join(shots, file), 'base64')}">`,
    );
    await page.setContent(`<body style="margin:0;display:inline-flex;gap:16px">${images.join('')}</body>`);
    await page.locator('body').screenshot({ path: path.join(target, 'panel.png'), omitBackground: true });
  } finally {
    await browser.close();
  }
}

runAsScript(import.meta.url, main);
