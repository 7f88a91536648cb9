import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import { launchBrowser } from '../host/browser.mjs';
import { type Host, installVsix, startHost, workbenchUrl, writeSettings } from '../host/host.mjs';
import { gone, processesUnder } from './processes';
import { temporaryFolder } from '../../scripts/temporaryFolder.mjs';

export interface WindowOptions {
  /** Absolute path of the folder to open. */
  readonly folder: string;
  /** Install this package, as people have it. Give this or `developmentPath`. */
  readonly vsix?: string;
  /** Load the extension from this folder, as its developers have it. */
  readonly developmentPath?: string;
  /** User settings, on top of quiet defaults (workspace trust off, auto save off). */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to the environment of the server and so of the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  /** What VS Code keeps on disk. Default: a temporary folder, removed when the process ends. */
  readonly userDataDir?: string;
  /** Default 1280 x 800. */
  readonly viewport?: { readonly width: number; readonly height: number };
}

export type Theme = 'dark' | 'light' | 'high contrast' | 'high contrast light';

const themes: Readonly<Record<Theme, string>> = {
  dark: 'Dark 2026',
  light: 'Light 2026',
  'high contrast': 'Default High Contrast',
  'high contrast light': 'Default High Contrast Light',
};

/** A real VS Code window in a headless browser. Close it in `after`; what is left ends with the process. */
export class VsCodeWindow {
  readonly page: Page;
  #host: Host;
  #settings: Readonly<Record<string, unknown>>;
  readonly #context: BrowserContext;
  readonly #options: WindowOptions;

  constructor(host: Host, context: BrowserContext, page: Page, options: WindowOptions) {
    this.#host = host;
    this.#context = context;
    this.page = page;
    this.#options = options;
    this.#settings = options.settings ?? {};
  }

  /**
   * The document inside a webview view, opened if need be.
   * @param viewTitle as the activity bar shows it
   */
  webview(viewTitle: string): Promise<FrameLocator> {
    return viewIn(this.page, viewTitle);
  }

  /**
   * Runs a command by its full title ("Countersign: New Session") through F1. A window that has just opened may not know the
   * command yet, or close the list again: as a person would, this looks a second time.
   */
  async runCommand(title: string): Promise<void> {
    const input = this.page.locator('.quick-input-box input');
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      await this.page.keyboard.press('F1');
      if (await appears(input, 2_000)) {
        // A list that closes again is opened once more.
        const isTyped = await input.fill(`>${title}`, { timeout: 3_000 }).then(
          () => true,
          () => false,
        );
        if (isTyped && (await appears(row, 3_000))) {
          await row.click();
          return;
        }
      }
      await this.page.keyboard.press('Escape');
    }
    throw new Error(`The palette does not offer ${JSON.stringify(title)}.`);
  }

  /**
   * Chooses an item of the quick pick that is open or about to open.
   * @param label the item's text; the first item that contains it is taken
   * @param typed what to type to find it; default: the label
   */
  async quickPick(label: string, typed = label): Promise<void> {
    const input = this.page.locator('.quick-input-box input');
    await input.waitFor();
    await input.fill(typed);
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: label }).first().click();
  }

  /** Opens a file of the workspace by its name. A window that has just opened may not find it yet: this looks a second time. */
  async openFile(name: string): Promise<void> {
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first();
    for (let attempt = 1; attempt <= 5 && !(await appears(row, 3_000)); attempt += 1) {
      await this.page.keyboard.press('Escape');
      await this.page.keyboard.press('Control+p');
      await this.page.locator('.quick-input-box input').fill(name);
    }
    await row.click();
    await this.page.locator('.tab.active', { hasText: name }).waitFor();
  }

  /** Answers the input box with this in its title, once it is there. */
  async input(title: string, text: string): Promise<void> {
    await this.page.locator('.quick-input-widget .quick-input-title', { hasText: title }).waitFor();
    const box = this.page.locator('.quick-input-box input');
    await box.fill(text);
    await box.press('Enter');
  }

  /** Saves a picture of the window as build/screenshots/NAME.png. */
  async screenshot(name: string): Promise<string> {
    const path = join(screenshotsDir(), `${name}.png`);
    await this.page.screenshot({ path });
    return path;
  }

  /** Changes the colour theme; VS Code takes it with a reload. */
  async setTheme(theme: Theme): Promise<void> {
    await this.setSettings({ 'workbench.colorTheme': themes[theme] });
  }

  /** Adds user settings and reloads the window so that they hold. */
  async setSettings(settings: Readonly<Record<string, unknown>>): Promise<void> {
    this.#settings = { ...this.#settings, ...settings };
    writeSettings(this.#host.userDataDir, this.#settings);
    await this.reload();
  }

  /** Reloads the window: the extension host ends and a new one starts. */
  async reload(): Promise<void> {
    await this.page.reload();
    await workbenchIsShown(this.page);
  }

  /** Kills the window's extension host as a crash does: nothing of it hears of it. */
  async killExtensionHost(): Promise<void> {
    const hosts = processesUnder(this.#host.userDataDir, '--type=extensionHost');
    if (hosts.length === 0) throw new Error('This window has no extension host.');
    for (const pid of hosts) process.kill(pid, 'SIGKILL');
    await Promise.all(hosts.map((pid) => gone(pid, 5_000)));
  }

  /** Opens another folder in this window, as a person does: extensions and what they keep stay. */
  async openFolder(folder: string): Promise<void> {
    await this.page.goto(workbenchUrl(this.#host, { ...this.#options, folder }));
    await workbenchIsShown(this.page);
  }

  /** Ends VS Code's server without warning and starts it again on the same data, port and browser profile. */
  async restart(): Promise<void> {
    const { dataDir, port } = this.#host;
    await this.#host.stop();
    this.#host = await startHost(hostOptions({ ...this.#options, settings: this.#settings }, dataDir, port));
    await this.reload();
  }

  /** A second window on the same folder, with an extension host of its own. It is closed with the first. */
  async beside(): Promise<VsCodeWindow> {
    const page = await this.#context.newPage();
    await page.goto(workbenchUrl(this.#host, this.#options));
    await workbenchIsShown(page);
    return new VsCodeWindow(this.#host, this.#context, page, this.#options);
  }

  async close(): Promise<void> {
    await this.#context.close();
    await this.#host.stop();
  }
}

/** Opens the view's container by its title in the activity bar, unless it is open, and gives the document of its webview. */
export async function viewIn(page: Page, viewTitle: string): Promise<FrameLocator> {
  const icon = page.locator(`.activitybar a.action-label[aria-label^="${viewTitle}"]`);
  const openIcon = page.locator('.activitybar .action-item.checked', {
    has: page.locator(`a[aria-label^="${viewTitle}"]`),
  });
  await icon.waitFor();
  // A reload restores the open view a moment late, and a click on the icon of an open view closes it: look again.
  for (let attempt = 1; attempt <= 3 && !(await appears(openIcon, 700)); attempt += 1) {
    // A badge may lie over the icon; the click goes through to it.
    await icon.click({ force: true });
    await page.waitForTimeout(200);
  }
  await openIcon.waitFor();
  // What the icon says of itself under the pointer would lie over the panel.
  const { width, height } = page.viewportSize() ?? { width: 1280, height: 800 };
  await page.mouse.move(width - 100, height / 2);
  return page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
}

/** Opens a folder in a real VS Code and resolves once the workbench is shown (3 to 5 s). */
export async function openWindow(options: WindowOptions): Promise<VsCodeWindow> {
  const dataDir = temporaryFolder('window');
  const host = await startHost(hostOptions(options, dataDir));
  try {
    if (options.vsix !== undefined) await installVsix(options.vsix, host);
    const browser = await sharedBrowser();
    const context = await browser.newContext({ viewport: options.viewport ?? { width: 1280, height: 800 } });
    const page = await context.newPage();
    await page.goto(workbenchUrl(host, options));
    await workbenchIsShown(page);
    return new VsCodeWindow(host, context, page, options);
  } catch (error) {
    await host.stop();
    throw error;
  }
}

/** Where pictures of test runs lie: build/screenshots in the clone. */
export function screenshotsDir(): string {
  const folder = join(process.cwd(), 'build/screenshots');
  mkdirSync(folder, { recursive: true });
  return folder;
}

function hostOptions(options: WindowOptions, dataDir: string, port?: number) {
  return {
    dataDir,
    mayLoadFolders: options.developmentPath !== undefined,
    settings: { ...options.settings },
    env: { ...options.env },
    ...(options.userDataDir === undefined ? {} : { userDataDir: options.userDataDir }),
    ...(port === undefined ? {} : { port }),
  };
}

async function workbenchIsShown(page: Page): Promise<void> {
  await page.locator('.monaco-workbench .part.editor').waitFor();
  await page.locator('.part.statusbar .statusbar-item').first().waitFor();
}

function appears(locator: Locator, timeoutMs: number): Promise<boolean> {
  return locator.waitFor({ timeout: timeoutMs }).then(
    () => true,
    () => false,
  );
}

const browsers: Promise<Browser>[] = [];

/** One browser serves a whole test process; Playwright ends it with the process. */
async function sharedBrowser(): Promise<Browser> {
  const [browser = launchBrowser()] = browsers;
  if (browsers.length === 0) browsers.push(browser);
  return browser;
}
