import { strict as assert } from 'node:assert';
import type { Server } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import type { HostMessage, Op } from '../../src/core/protocol/ops';
import { parseOp } from '../../src/core/protocol/parse';
import { launchBrowser } from '../host/browser.mjs';
import { openState, serveLook } from './lookPage';

/** The panel in a browser, a fresh page for each test. */
export interface PanelPage {
  readonly page: Page;
  readonly origin: string;
  /** Opens the panel in a state of the look page. */
  readonly open: (state: string) => Promise<void>;
  /** What was posted since the panel was ready; each op is one that the host accepts. */
  readonly posted: () => Promise<readonly Op[]>;
  readonly deliver: (message: HostMessage) => Promise<void>;
  /** Resolves when the live region has said this. */
  readonly heard: (text: RegExp) => Promise<void>;
}

/**
 * Call within `describe`: starts the browser before the tests and ends it after them.
 * @param state opened before each test; what does not come within 10 s fails then
 */
export function usePanelPage(state?: string): PanelPage {
  let origin = '';
  let server: Server;
  let browser: Browser;
  let page: Page;
  before(async () => {
    ({ origin, server } = await serveLook());
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    server.close();
  });
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 300, height: 720 } });
    if (state === undefined) return;
    await open(state);
    page.setDefaultTimeout(10_000);
  });
  afterEach(() => page.close());
  const open = (wanted: string): Promise<void> => openState(page, `${origin}/page.html?state=${wanted}`);
  return {
    get page() {
      return page;
    },
    get origin() {
      return origin;
    },
    open,
    async posted() {
      const ops = await page.evaluate(() => window.posted);
      for (const op of ops) assert.ok(parseOp(op).ok, JSON.stringify(op));
      return ops.filter((op) => op.type !== 'ready' && op.type !== 'ack');
    },
    heard: (text) => page.getByRole('status').filter({ hasText: text }).waitFor({ timeout: 10_000 }),
    // As text: the events' recursive JSON type is too deep for the typing of evaluate's arguments.
    deliver: (message) => page.evaluate((text) => window.deliverText(text), JSON.stringify(message)),
  };
}
