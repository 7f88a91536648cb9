import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packageExtension, vsixFile } from '../../scripts/package.mjs';

const megabyte = 1024 * 1024;

describe('the packaged extension', function () {
  this.timeout(60_000);
  let files: readonly string[];

  before(() => {
    packageExtension();
    files = execFileSync(process.execPath, ['-e', listEntries, vsixFile], { encoding: 'utf8' }).trim().split('\n');
  });

  it('is at most 3 MB', () => {
    const size = statSync(vsixFile).size;
    assert.ok(size <= 3 * megabyte, `${(size / megabyte).toFixed(2)} MB`);
  });

  it('holds what it needs', () => {
    const needed = [
      'dist/extension.js',
      'dist/sql-wasm.wasm',
      'dist/webview.js',
      'dist/webview.css',
      'media/icon.png',
      'media/countersign.svg',
      'samples/demo-workspace/test/run.js',
      'ThirdPartyNotices.txt',
      'package.json',
    ];
    assert.deepEqual(
      needed.filter((name) => !files.includes(`extension/${name}`)),
      [],
    );
  });

  it('holds no source map, no test, no source and no packages', () => {
    const unwanted = files.filter((file) =>
      /\.map$|\/test\/(?!run\.js)|\/src\/(?!invoice\.js)|node_modules|\.ts$/.test(file),
    );
    assert.deepEqual(unwanted, []);
  });

  it('names the licences of what it carries, the database engine included', () => {
    assert.match(readFileSync('ThirdPartyNotices.txt', 'utf8'), /^sql\.js 1\.16\.0\n\nMIT/m);
  });

  it('has no server package in its bundle', () => {
    const bundle = readFileSync('dist/lazy/host.js', 'utf8');
    for (const name of ['hono', 'express', 'bullmq', 'ioredis', 'postgres'])
      assert.ok(!new RegExp(`require\\(["']${name}["']\\)`).test(bundle), name);
    assert.deepEqual(
      [...bundle.matchAll(/require\("((?!node:)[^"]+)"\)/g)]
        .map(([, name]) => name)
        .filter((name) => !builtins.has(name ?? '')),
      [],
    );
  });

  it('loads next to nothing at activation', () => {
    const shell = readFileSync('dist/extension.js', 'utf8');
    assert.ok(shell.length <= 20_000, `extension.js: ${shell.length}`);
    assert.deepEqual([...new Set([...shell.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name))], ['vscode']);
  });

  it('keeps its bundles within their budgets', () => {
    assert.ok(statSync('dist/webview.js').size <= 0.6 * megabyte, `webview.js: ${statSync('dist/webview.js').size}`);
    for (const name of readdirSync('dist/lazy')) {
      const { size } = statSync(join('dist/lazy', name));
      // The host comes with the first use, never with activation.
      assert.ok(size <= (name === 'host.js' ? 0.8 : 0.6) * megabyte, `${name}: ${size}`);
    }
    assert.ok(!existsSync('dist/extension.js.map'));
  });
});

const builtins = new Set([
  'vscode',
  'fs',
  'path',
  'os',
  'crypto',
  'child_process',
  'stream',
  'util',
  'events',
  'url',
  'http',
  'https',
  'net',
  'dgram',
  'tls',
  'zlib',
  'buffer',
  'process',
  'worker_threads',
  'module',
  'assert',
  'timers',
  'string_decoder',
  'tty',
  'async_hooks',
  'fs/promises',
]);

/** Lists a zip's entries from its central directory; run in its own process, so that the test holds no archive in memory. */
const listEntries = `
const b = require('fs').readFileSync(process.argv[1]);
let end = b.length - 22;
while (b.readUInt32LE(end) !== 0x06054b50) end--;
let at = b.readUInt32LE(end + 16);
for (let n = b.readUInt16LE(end + 10); n > 0; n--) {
  const [name, extra, comment] = [28, 30, 32].map((o) => b.readUInt16LE(at + o));
  console.log(b.toString('utf8', at + 46, at + 46 + name));
  at += 46 + name + extra + comment;
}`;
