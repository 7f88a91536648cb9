import { strict as assert } from 'node:assert';
import { readFile, stat } from 'node:fs/promises';
import type { Server } from 'node:http';
import * as path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import * as z from 'zod';
import { launchBrowser } from '../host/browser.mjs';
import { askerStates } from './askerStates';
import { consentStates } from './consentStates';
import { openState, screenshots, serveLook } from './lookPage';
import { modelStates } from './modelStates';
import { modeStates } from './modeStates';
import { restoreStates } from './restoreStates';
import { sessionStates } from './sessionStates';
import { settled } from './settled';
import { states } from './states';
import { themes } from './themes';

const prepared = {
  ...sessionStates,
  ...modelStates,
  ...consentStates,
  ...modeStates,
  ...restoreStates,
  ...askerStates,
};
const widths = [220, 300, 420];
/** What fits in one theme fits in all: the other pictures are made for people who ask for them. */
const widthsIn = (theme: string): readonly number[] =>
  theme === 'dark' || process.env['COUNTERSIGN_PICTURES'] === 'all' ? widths : [300];

const violation = z.object({ id: z.string(), impact: z.string(), nodes: z.array(z.string()) });
type Violation = z.infer<typeof violation>;

/** Themes change colours only, so one is looked at in full. High contrast has its own colours' ratio by definition. */
const rulesIn: Readonly<Record<string, object | undefined>> = {
  dark: {},
  light: { runOnly: ['color-contrast'] },
};

/** What axe finds of serious or critical impact. It runs by the debugger, so the page's own policy stays in force. */
async function seriousViolations(page: Page, axe: string, rules: object): Promise<readonly Violation[]> {
  await page.evaluate(axe);
  const found: unknown = await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'], ...${JSON.stringify(rules)} }).then((result) => result.violations
      .filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')
      .map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map((node) => node.html.slice(0, 160) + ' ' + (node.any[0]?.message ?? '')) })))`,
  );
  return z.array(violation).parse(found);
}

/** Boxes that stick out of the panel: a scroll bar at the bottom, or something cut off without one. */
async function overflowing(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [
      'html',
      'body',
      '.panel',
      '.header',
      '.scroller',
      '.fill',
      '.composer',
      '.composer-box',
      '.todos',
      '.approval',
      '.tool',
      '.remember',
      '.question-form',
      '.sandbox-details',
      '.rules-page',
      '.session-list',
      '.page',
      '.vendor-page',
      '.footer',
      '.usage-details',
      '.session-rows',
      '.session-search',
      '.session-footer',
      '.read-only',
      '.deleted-bar',
      '.pending',
      '.plan-text',
      '.mode-menu',
      '.mode-confirm',
      '.composer-tools',
      '.send-choice',
      '.pending-file',
      '.pending-files',
      '.pending > .actions',
      '.approval .actions',
      '.go',
      '.restore',
      '.restore-files',
      '.plan-record',
    ]
      .flatMap((selector) => Array.from(document.querySelectorAll(selector)))
      .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
      .map((element) => `${element.tagName}.${element.className}: ${element.scrollWidth} > ${element.clientWidth}`),
  );
}

describe('the look of the panel', function () {
  this.timeout(60_000);
  let origin: string;
  let server: Server;
  let axe: string;

  before(async () => {
    ({ origin, server } = await serveLook());
    axe = await readFile(path.join('node_modules', 'axe-core', 'axe.min.js'), 'utf8');
  });
  after(() => server.close());

  it('costs at most 600 KB of script', async () => {
    assert.ok((await stat(path.join('dist', 'webview.js'))).size <= 600 * 1024);
  });

  for (const theme of Object.keys(themes)) {
    describe(`in the theme ${theme}`, () => {
      let browser: Browser;
      let page: Page;
      const failures: string[] = [];
      before(async () => {
        browser = await launchBrowser();
        page = await browser.newPage({ viewport: { width: 300, height: 720 }, reducedMotion: 'reduce' });
        page.on('pageerror', (error) => failures.push(String(error.stack)));
      });
      after(() => browser.close());

      for (const state of [...Object.keys(states), ...Object.keys(prepared)]) {
        it(`fits and is accessible at every width: ${state}`, async () => {
          const height = prepared[state]?.height ?? 720;
          await page.setViewportSize({ width: 300, height });
          await openState(page, `${origin}/page.html?theme=${theme}&state=${state}`);
          await prepared[state]?.prepare?.(page);
          for (const width of widthsIn(theme)) {
            await page.setViewportSize({ width, height });
            await settled(page);
            assert.deepEqual(await overflowing(page), [], `at ${width} px`);
            await page.screenshot({ path: path.join(screenshots, `${theme}-${width}-${state}.png`) });
          }
          await page.setViewportSize({ width: 300, height });
          const rules = rulesIn[theme];
          if (rules) assert.deepEqual(await seriousViolations(page, axe, rules), []);
          assert.ok((await page.evaluate(() => document.querySelectorAll('*').length)) < 2000);
          assert.deepEqual(failures.splice(0), []);
          assert.deepEqual(await page.evaluate(() => window.violations), []);
        });
      }
    });
  }
});
