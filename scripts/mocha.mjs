import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { buildTests } from './buildTests.mjs';
import { run } from './children.mjs';
import { root } from './root.mjs';
import { judge, together } from './steps.mjs';
import { temporaryFolder } from './temporaryFolder.mjs';

/**
 * Builds and runs the tests of some folders in one Mocha in plain Node, or in two at the same time.
 * @param {readonly string[]} folders in test/
 * @param {{timeoutMs: number, retries?: number, env?: NodeJS.ProcessEnv, beside?: (file: string) => boolean}} options
 *   `retries`: how often a test that failed is tried again, and named for it. Default 0. `beside`: which files the
 *   second one runs; what it says comes after the first has ended
 * @returns {Promise<import('./steps.mjs').Outcome>} `absent` when none of the folders exists
 */
export async function runMocha(folders, { timeoutMs, retries = 0, env = {}, beside = () => false }) {
  if (!folders.some((folder) => existsSync(join(root, 'test', folder)))) return { kind: 'absent' };
  const files = (await Promise.all(folders.map((folder) => buildTests(folder)))).flat();
  if (files.length === 0)
    return { kind: 'broken', why: `no *.test.ts in ${folders.map((f) => `test/${f}`).join(', ')}` };
  const mocha = join(root, 'node_modules/mocha/bin/mocha.js');
  const reporter = join(root, 'scripts/countingReporter.cjs');
  const args = ['--disable-warning=ExperimentalWarning', '--enable-source-maps', mocha, '--exit', '--no-config'];
  /** @param {readonly string[]} some @param {(text: string) => void} [onOutput] */
  const runFiles = (some, onOutput) =>
    withCounts((counts) =>
      run(
        process.execPath,
        [...args, '--reporter', reporter, '--timeout', String(timeoutMs), '--retries', String(retries), ...some],
        {
          cwd: root,
          env: { ...process.env, ...env, ...counts },
          ...(onOutput && { onOutput }),
        },
      ),
    );
  const second = files.filter((file) => beside(file));
  if (second.length === 0) return runFiles(files);
  let said = '';
  const outcomes = await Promise.all([
    runFiles(files.filter((file) => !beside(file))),
    runFiles(second, (text) => (said += text)),
  ]);
  console.log(said);
  return together(outcomes);
}

/**
 * Runs tests that report through scripts/countingReporter.cjs.
 * @param {(env: {COUNTERSIGN_TEST_COUNTS: string}) => Promise<number>} runTests gets what to add to the environment;
 *   resolves with the exit code
 * @returns {Promise<import('./steps.mjs').Outcome>}
 */
export async function withCounts(runTests) {
  const file = join(temporaryFolder('counts'), 'counts.json');
  const exitCode = await runTests({ COUNTERSIGN_TEST_COUNTS: file });
  return judge(existsSync(file) ? readFileSync(file, 'utf8') : undefined, exitCode);
}
