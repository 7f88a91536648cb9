import * as esbuild from 'esbuild';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import * as path from 'node:path';
import type { Page } from 'playwright-core';
import { webviewPolicy } from '../../src/extension/webviewPolicy';
import { settled } from './settled';

const root = process.cwd();
const built = path.join(root, 'build', 'look');
export const screenshots = path.join(root, 'build', 'screenshots', 'look');

/** The files of the look page: the built panel, the scripted host and the page around them. */
const files: ReadonlyMap<string, { readonly file: string; readonly type: string }> = new Map([
  ['/page.html', { file: path.join(root, 'test', 'look', 'page.html'), type: 'text/html; charset=utf-8' }],
  ['/editorDefaults.css', { file: path.join(root, 'test', 'look', 'editorDefaults.css'), type: 'text/css' }],
  ['/webview.js', { file: path.join(root, 'dist', 'webview.js'), type: 'text/javascript' }],
  ['/webview.css', { file: path.join(root, 'dist', 'webview.css'), type: 'text/css' }],
  ['/fakeHost.js', { file: path.join(built, 'fakeHost.js'), type: 'text/javascript' }],
]);

/** Serves the look page on the loopback address, under the panel's own content security policy. `/noPolicy.html` is the same page without its content security policy. */
export async function serveLook(): Promise<{ readonly origin: string; readonly server: Server }> {
  if (!existsSync(path.join(root, 'dist', 'webview.js')))
    throw new Error('dist/webview.js is missing. Build it first: node esbuild.mjs');
  await mkdir(screenshots, { recursive: true });
  await esbuild.build({
    entryPoints: [path.join(root, 'test', 'look', 'fakeHost.ts')],
    ...{ bundle: true, format: 'iife', outfile: path.join(built, 'fakeHost.js'), logLevel: 'warning' },
  });
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const entry = files.get(pathname === '/noPolicy.html' ? '/page.html' : pathname);
    if (!entry) {
      response.writeHead(404).end();
      return;
    }
    void readFile(entry.file, 'utf8').then((text) => {
      response.writeHead(200, { 'content-type': entry.type });
      response.end(
        pathname === '/noPolicy.html'
          ? text.replace(/<meta\s+http-equiv[^>]*>/, '')
          : text.replace('{{policy}}', webviewPolicy("'self'", 'look')),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error(`No port: ${String(address)}.`);
  return { origin: `http://127.0.0.1:${address.port}`, server };
}

/** The panel in a state, drawn. */
export async function openState(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]') && document.querySelector('.panel'));
  await settled(page);
}
