#!/usr/bin/env node
// Stands in for the `code` executable of @vscode/test-electron (`vscodeExecutablePath`): same flags, same exit codes, but
// the window is a real workbench in a headless browser. Exit codes: 0 the tests passed, 1 they failed or VS Code's logs
// show proposed API of this extension, 2 the window could not be opened, 3 the page crashed, 124 no end in time.
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { format } from 'node:util';
import { temporaryFolder } from '../../scripts/temporaryFolder.mjs';
import { launchBrowser } from './browser.mjs';
import { startHost, workbenchUrl } from './host.mjs';

const limitMs = Number(process.env['COUNTERSIGN_SUITE_LIMIT_MS'] ?? 240_000);
const shownConsoleLines = 15;
const chatter = /^(log|info|debug|trace): |^%c *(INFO|TRACE|DEBUG)/;
const proposedApi = /is a proposed menu identifier|CANNOT use API proposal/;

/** @param {readonly string[]} args as @vscode/test-electron passes them; flags VS Code knows and we do not are ignored */
function parseArguments(args) {
  /** @param {string} name */
  const flag = (name) => args.findLast((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
  const testsPath = flag('extensionTestsPath');
  return {
    developmentPath: flag('extensionDevelopmentPath'),
    testsPath: testsPath !== undefined && !existsSync(testsPath) ? `${testsPath}.js` : testsPath,
    userDataDir: flag('user-data-dir'),
    extensionsDir: flag('extensions-dir'),
    folder: args.find((arg) => !arg.startsWith('--')),
  };
}

/** @param {readonly string[]} args */
async function main(args) {
  const { developmentPath, testsPath, userDataDir, extensionsDir, folder } = parseArguments(args);
  const dataDir = temporaryFolder('stand-in');
  const outputFile = join(dataDir, 'mocha.log');
  writeFileSync(outputFile, '');
  const output = followFile(outputFile);
  /** @type {string[]} */
  const consoleLines = [];
  const [host, browser] = await Promise.all([
    startHost({
      ...{ dataDir, env: { COUNTERSIGN_TEST_OUTPUT: outputFile } },
      ...(userDataDir === undefined ? {} : { userDataDir }),
      ...(extensionsDir === undefined ? {} : { extensionsDir }),
    }),
    launchBrowser(),
  ]);
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const url = workbenchUrl(host, { folder: folder ?? emptyFolder(dataDir), developmentPath, testsPath });
    const code = await exitCodeOf(page, url, consoleLines);
    output.stop();
    const telling = consoleLines.filter((line) => !chatter.test(line));
    if (code !== 0) console.error(telling.slice(-shownConsoleLines).join('\n'));
    const said = [...consoleLines, ...logLines(join(host.userDataDir, 'logs'))];
    const complaints = [...new Set(said.filter(isOurProposedApi).map(firstLine))];
    if (complaints.length > 0) console.error(`Proposed API is not for published extensions:\n${complaints.join('\n')}`);
    return code === 0 && complaints.length > 0 ? 1 : code;
  } finally {
    output.stop();
    await browser.close();
    await host.stop();
  }
}

/**
 * Opens the window and waits for the tests' exit code.
 * @param {import('playwright-core').Page} page
 * @param {string} url
 * @param {string[]} consoleLines gets what the window and the extension host say
 * @returns {Promise<number>}
 */
function exitCodeOf(page, url, consoleLines) {
  return new Promise((done, fail) => {
    const timer = setTimeout(() => {
      console.error(`The tests did not end within ${limitMs / 1000} s.`);
      done(124);
    }, limitMs);
    const end = (/** @type {number} */ code) => {
      clearTimeout(timer);
      done(code);
    };
    page.on('crash', () => end(3));
    page.on('pageerror', (error) => consoleLines.push(`page error: ${error.message}`));
    // Both must be there before the workbench loads: it looks for them once.
    Promise.all([
      page.exposeFunction('codeAutomationLog', (/** @type {string} */ kind, /** @type {unknown[]} */ args) => {
        consoleLines.push(`${kind}: ${format(...args)}`);
      }),
      page.exposeFunction('codeAutomationExit', end),
    ])
      .then(() => page.goto(url))
      .catch((error) => {
        clearTimeout(timer);
        fail(error);
      });
  });
}

/** @param {string} line */
function isOurProposedApi(line) {
  return proposedApi.test(line) && /countersign/i.test(line);
}

/** @param {string} text */
function firstLine(text) {
  return text.replace(/^(error|%c +ERR color: \S+) ?:? ?/, '').split('\n')[0] ?? '';
}

/** @param {string} folder @returns {string[]} the lines of every log VS Code left there */
function logLines(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.log'))
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'));
}

/** @param {string} dataDir */
function emptyFolder(dataDir) {
  const folder = join(dataDir, 'workspace');
  mkdirSync(folder);
  return folder;
}

/**
 * Copies what is appended to a file to stdout as it comes.
 * @param {string} file
 */
function followFile(file) {
  const descriptor = openSync(file, 'r');
  const buffer = Buffer.alloc(64 * 1024);
  const copy = () => {
    for (;;) {
      const size = readSync(descriptor, buffer, 0, buffer.length, null);
      if (size === 0) return;
      process.stdout.write(Buffer.from(buffer.subarray(0, size)));
    }
  };
  const timer = setInterval(copy, 100);
  let isStopped = false;
  const stop = () => {
    if (isStopped) return;
    isStopped = true;
    clearInterval(timer);
    copy();
    closeSync(descriptor);
  };
  return { stop };
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    console.error(error);
    process.exit(2);
  },
);
