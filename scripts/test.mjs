import { basename, join, sep } from 'node:path';
import process from 'node:process';
import { run } from './children.mjs';
import { root } from './root.mjs';
import { runAsScript } from './runAsScript.mjs';
import { setup } from './setup.mjs';
import { runSuites, summarize } from './steps.mjs';

// npm test [-- [--no-install] SUITE...]   runs the named suites, or all. Modules that need packages load after set-up.

/** @typedef {import('./steps.mjs').Suite & {needsVsCode?: boolean, needsBrowser?: boolean}} OurSuite */

/** Once, early: see setupSuite. @type {() => Promise<import('./steps.mjs').Outcome>} */
const checks = once(lintAndTypes);

/** @type {readonly OurSuite[]} */
const suites = [
  { name: 'checks', budgetSeconds: 90, run: checks },
  { name: 'unit', budgetSeconds: 200, run: () => mocha(['unit', 'contract'], 10_000, isContract) },
  { name: 'vscode', budgetSeconds: 200, needsVsCode: true, run: vscodeTests },
  { name: 'e2e', budgetSeconds: 400, needsVsCode: true, run: () => mocha(['e2e'], 60_000, isOfSecondWindow, 1) },
  { name: 'look', budgetSeconds: 150, needsBrowser: true, run: () => mocha(['look'], 60_000, isBehaviour) },
  { name: 'attacks', budgetSeconds: 90, run: () => mocha(['attacks'], 20_000, isOneHalf) },
  { name: 'torture', budgetSeconds: 140, run: () => mocha(['torture'], 60_000, isOneHalf) },
];

/** @param {string} file */
const isContract = (file) => file.includes(`${sep}contract${sep}`);

/** By the letters of its name: the same half each time. @param {string} file */
const isOneHalf = (file) =>
  Array.from(basename(file), (letter) => letter.charCodeAt(0)).reduce((sum, code) => sum + code) % 2 === 0;

/** Two windows are open at a time. @param {string} file */
const isOfSecondWindow = (file) => /(realModels|sessions|start|trust)\.test\.js$/.test(file);

/** The pictures take as long as everything else that is looked at. @param {string} file */
const isBehaviour = (file) => !file.endsWith('look.test.js');

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code
 */
async function main(args) {
  const mayInstall = !args.includes('--no-install');
  const names = args.filter((arg) => arg !== '--no-install');
  const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    console.error(
      `There is no suite called ${unknown.join(', ')}. Choose from: ${suites.map(({ name }) => name).join(', ')}.`,
    );
    return 1;
  }
  const chosen = suites.filter(({ name }) => names.length === 0 || names.includes(name));
  const needsVsCode = chosen.some((suite) => suite.needsVsCode === true);
  const needsBrowser = needsVsCode || chosen.some((suite) => suite.needsBrowser === true);
  const hasChecks = chosen.some(({ name }) => name === 'checks');
  const first = setupSuite({ mayInstall, needsVsCode, needsBrowser, hasChecks });
  const { lines, exitCode } = summarize(await runSuites([first, ...chosen]));
  if (needsBrowser) console.log('\nScreenshots of this run: build/screenshots');
  console.log(lines.join('\n'));
  return exitCode;
}

/**
 * @param {{mayInstall: boolean, needsVsCode: boolean, needsBrowser: boolean, hasChecks: boolean}} options
 * @returns {import('./steps.mjs').Suite}
 */
function setupSuite({ mayInstall, needsVsCode, needsBrowser, hasChecks }) {
  return {
    name: 'set-up',
    budgetSeconds: 150,
    isNeededByTheRest: true,
    run: async () => {
      await setup();
      // They need nothing but the packages, and the installers mostly wait. How they end is the business of their suite.
      if (hasChecks) checks().catch(() => undefined);
      await Promise.all([
        buildAndPack(),
        needsVsCode ? getVsCode(mayInstall) : undefined,
        needsBrowser ? getBrowser(mayInstall) : undefined,
      ]);
      // After the browser: two installers would stand in each other's way.
      const { ensureSandboxTools } = await import('../test/host/sandboxTools.mjs');
      await ensureSandboxTools({ mayInstall });
      return { kind: 'prepared' };
    },
  };
}

/**
 * @template T
 * @param {() => Promise<T>} work
 * @returns {() => Promise<T>}
 */
function once(work) {
  /** @type {Promise<T> | undefined} */
  let running;
  return () => (running ??= work());
}

async function buildAndPack() {
  const code = await run(process.execPath, ['esbuild.mjs'], { cwd: root });
  if (code !== 0) throw new Error(`the build (node esbuild.mjs) ended with exit code ${code}`);
  const { packageExtension } = await import('./package.mjs');
  packageExtension();
}

/** @param {boolean} mayInstall */
async function getVsCode(mayInstall) {
  const [{ installHost }, { makeStrictHost }] = await Promise.all([
    import('../test/host/install.mjs'),
    import('../test/host/strict.mjs'),
  ]);
  await installHost({ mayInstall });
  makeStrictHost();
}

/** @param {boolean} mayInstall */
async function getBrowser(mayInstall) {
  const { ensureBrowser } = await import('../test/host/browser.mjs');
  await ensureBrowser({ mayInstall });
}

/** @returns {Promise<import('./steps.mjs').Outcome>} */
async function lintAndTypes() {
  const { typecheck } = await import('./typecheck.mjs');
  const [types, isLintClean] = await Promise.all([typecheck(), lint()]);
  console.log(`lint and format: ${isLintClean ? 'clean' : 'see above; `npx prettier --write .` formats'}`);
  return {
    kind: 'counted',
    counts: { passed: types.passed + Number(isLintClean), failed: types.failed + Number(!isLintClean) },
  };
}

async function lint() {
  const eslint = join(root, 'node_modules/eslint/bin/eslint.js');
  const prettier = join(root, 'node_modules/prettier/bin/prettier.cjs');
  const lintCode = await run(process.execPath, [eslint, '--max-warnings', '0', '.'], { cwd: root });
  const formatCode = await run(process.execPath, [prettier, '--check', '--log-level', 'warn', '.'], { cwd: root });
  return lintCode === 0 && formatCode === 0;
}

/**
 * A whole VS Code on a busy machine sometimes takes longer than a test waits: what stands on one is tried once more, and said.
 * @param {readonly string[]} folders @param {number} timeoutMs @param {(file: string) => boolean} [beside] @param {number} [retries]
 */
async function mocha(folders, timeoutMs, beside, retries) {
  const { runMocha } = await import('./mocha.mjs');
  return runMocha(folders, { timeoutMs, ...(beside && { beside }), ...(retries !== undefined && { retries }) });
}

async function vscodeTests() {
  const { runVsCodeTests } = await import('./vscodeTests.mjs');
  return runVsCodeTests();
}

runAsScript(import.meta.url, main);
