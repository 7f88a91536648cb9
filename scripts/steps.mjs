/** @typedef {{passed: number, failed: number, skipped?: number, failedTests?: readonly string[], repeatedTests?: readonly string[]}} Counts a line for each test that failed, or failed at its first try */

/**
 * What a suite came to. `prepared`: it has no tests by nature. `absent`: its tests do not exist yet; neither is counted.
 * @typedef {{kind: 'counted', counts: Counts} | {kind: 'prepared'} | {kind: 'absent'} | {kind: 'broken', why: string}} Outcome
 */

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {number} budgetSeconds
 * @property {boolean} [isNeededByTheRest] when it fails, the suites after it do not run and count as failed
 * @property {() => Promise<Outcome>} run
 */

/** @typedef {{name: string, budgetSeconds: number, seconds: number, outcome: Outcome}} Result */

/**
 * What several runs of one suite came to: broken as soon as one of them is.
 * @param {readonly Outcome[]} outcomes
 * @returns {Outcome}
 */
export function together(outcomes) {
  const notCounted = outcomes.find(({ kind }) => kind !== 'counted');
  if (notCounted) return notCounted;
  const all = outcomes.map(countsOf);
  const sum = (/** @type {'passed' | 'failed' | 'skipped'} */ name) =>
    all.reduce((total, counts) => total + (counts[name] ?? 0), 0);
  const failedTests = all.flatMap((counts) => counts.failedTests ?? []);
  const repeatedTests = all.flatMap((counts) => counts.repeatedTests ?? []);
  return {
    kind: 'counted',
    counts: {
      passed: sum('passed'),
      failed: sum('failed'),
      skipped: sum('skipped'),
      ...(failedTests.length > 0 && { failedTests }),
      ...(repeatedTests.length > 0 && { repeatedTests }),
    },
  };
}

/**
 * Runs suites one after the other and times them. A suite that throws is broken; the others still run.
 * @param {readonly Suite[]} suites
 * @param {{say?: (line: string) => void, nowMs?: () => number}} [options]
 * @returns {Promise<Result[]>}
 */
export async function runSuites(suites, { say = console.log, nowMs = () => performance.now() } = {}) {
  /** @type {Result[]} */
  const results = [];
  /** @type {string | undefined} */
  let blocker;
  for (const suite of suites) {
    const startMs = nowMs();
    if (blocker === undefined) say(`\n== ${suite.name}`);
    const outcome = blocker === undefined ? await outcomeOf(suite) : broken(`did not run: ${blocker} failed`);
    if (outcome.kind === 'broken' && blocker === undefined) say(`${suite.name} failed: ${outcome.why}`);
    const seconds = (nowMs() - startMs) / 1000;
    results.push({ name: suite.name, budgetSeconds: suite.budgetSeconds, seconds, outcome });
    if (suite.isNeededByTheRest === true && countsOf(outcome).failed > 0) blocker ??= suite.name;
  }
  return results;
}

/**
 * The table and, last, the one line that tools read: `N passed, M failed`.
 * @param {readonly Result[]} results
 * @returns {{lines: string[], exitCode: 0 | 1}} 1 when anything failed or nothing passed
 */
export function summarize(results) {
  const widths = [Math.max(5, ...results.map(({ name }) => name.length)) + 2, 9, 8];
  const row = (/** @type {string[]} */ ...cells) =>
    cells
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join('');
  const rows = results.map((result) => {
    const isOver = result.seconds > result.budgetSeconds;
    const cells = row(result.name, result.seconds.toFixed(1), String(result.budgetSeconds));
    return `${cells}  ${describe(result.outcome)}${isOver ? '  (over its budget)' : ''}`;
  });
  const all = results.map((result) => countsOf(result.outcome));
  const passed = all.reduce((sum, counts) => sum + counts.passed, 0);
  const failed = all.reduce((sum, counts) => sum + counts.failed, 0);
  const ranSomething = results.some(({ outcome }) => outcome.kind !== 'absent');
  return {
    lines: [
      ...whatFailed(results),
      '',
      row('suite', 'seconds', 'budget'),
      ...rows,
      '',
      `${passed} passed, ${failed} failed`,
    ],
    exitCode: failed === 0 && ranSomething ? 0 : 1,
  };
}

/** Said once more at the end: of a long run only that is looked at. @param {readonly Result[]} results @returns {string[]} */
function whatFailed(results) {
  /** @type {(title: string, key: 'failedTests' | 'repeatedTests') => string[]} */
  const list = (title, key) => {
    const tests = results.flatMap(({ name, outcome }) =>
      (countsOf(outcome)[key] ?? []).map((test) => `  ${name}: ${test}`),
    );
    return tests.length === 0 ? [] : ['', title, ...tests];
  };
  return [
    ...list('Failed at the first try (some passed at the second):', 'repeatedTests'),
    ...list('What failed:', 'failedTests'),
  ];
}

/**
 * The counts a test run left behind, judged with its exit code.
 * @param {string | undefined} countsJson undefined when the run ended before it could write them
 * @param {number} exitCode
 * @returns {Outcome}
 */
export function judge(countsJson, exitCode) {
  const counts = countsJson === undefined ? undefined : parseCounts(countsJson);
  if (counts === undefined) return broken(`it ended with exit code ${exitCode} and left no counts`);
  if (counts.passed + counts.failed === 0) return broken('it ran no test');
  if (exitCode !== 0 && counts.failed === 0) {
    return broken(`${counts.passed} tests passed, yet it ended with exit code ${exitCode}`);
  }
  return { kind: 'counted', counts };
}

/** @param {string} json @returns {Counts | undefined} */
function parseCounts(json) {
  const value = JSON.parse(json);
  const areCounts = Number.isInteger(value?.passed) && Number.isInteger(value?.failed);
  return areCounts ? value : undefined;
}

/** @param {Suite} suite @returns {Promise<Outcome>} */
async function outcomeOf(suite) {
  try {
    return await suite.run();
  } catch (error) {
    return broken(error instanceof Error ? error.message : String(error));
  }
}

/** @param {string} why @returns {Outcome} */
function broken(why) {
  return { kind: 'broken', why };
}

/** @param {Outcome} outcome @returns {Counts} a suite that broke is one failure: it must never look like success */
function countsOf(outcome) {
  if (outcome.kind === 'counted') return outcome.counts;
  return { passed: 0, failed: outcome.kind === 'broken' ? 1 : 0 };
}

/** @param {Outcome} outcome */
function describe(outcome) {
  switch (outcome.kind) {
    case 'counted': {
      const { passed, failed, skipped = 0 } = outcome.counts;
      return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
    }
    case 'prepared':
      return 'done';
    case 'absent':
      return 'no tests yet';
    default:
      return `failed: ${outcome.why.split('\n')[0]}`;
  }
}
