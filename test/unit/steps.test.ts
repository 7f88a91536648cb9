import assert from 'node:assert/strict';
import { judge, runSuites, summarize, type Outcome, type Suite, together } from '../../scripts/steps.mjs';

const counted = (passed: number, failed = 0): Outcome => ({ kind: 'counted', counts: { passed, failed } });
const suite = (name: string, run: () => Outcome | Promise<Outcome>): Suite => ({
  name,
  budgetSeconds: 10,
  run: async () => run(),
});
const silent = { say: () => undefined };

describe('npm test', () => {
  it('ends with one line that adds up all suites', async () => {
    const results = await runSuites([suite('unit', () => counted(3)), suite('e2e', () => counted(2, 1))], silent);
    const { lines, exitCode } = summarize(results);
    assert.equal(lines.at(-1), '5 passed, 1 failed');
    assert.equal(exitCode, 1);
  });

  it('names what failed once more at the end, above the table', async () => {
    const unit = judge('{"passed":1,"failed":1,"failedTests":["a box > refuses a link: expected false"]}', 1);
    const results = await runSuites([suite('unit', () => together([counted(2), unit]))], silent);
    const { lines } = summarize(results);
    assert.deepEqual(lines.slice(0, 3), ['', 'What failed:', '  unit: a box > refuses a link: expected false']);
    assert.equal(lines.at(-1), '3 passed, 1 failed');
  });

  it('names what passed only at the second try', async () => {
    const e2e = judge('{"passed":1,"failed":0,"repeatedTests":["a window > opens: timeout"]}', 0);
    const { lines, exitCode } = summarize(await runSuites([suite('e2e', () => together([counted(2), e2e]))], silent));
    assert.ok(lines.includes('  e2e: a window > opens: timeout'), lines.join('\n'));
    assert.equal(exitCode, 0);
  });

  it('succeeds when everything passed', async () => {
    const { lines, exitCode } = summarize(await runSuites([suite('unit', () => counted(3))], silent));
    assert.equal(lines.at(-1), '3 passed, 0 failed');
    assert.equal(exitCode, 0);
  });

  it('counts a suite that throws as one failure and still runs the next', async () => {
    const crash = suite('unit', () => {
      throw new Error('no memory');
    });
    const results = await runSuites([crash, suite('e2e', () => counted(2))], silent);
    const { lines, exitCode } = summarize(results);
    assert.equal(lines.at(-1), '2 passed, 1 failed');
    assert.match(lines.join('\n'), /unit .*failed: no memory/);
    assert.equal(exitCode, 1);
  });

  it('runs nothing after a failed set-up and counts each suite that was due', async () => {
    const setup: Suite = { ...suite('set-up', () => ({ kind: 'broken', why: 'no network' })), isNeededByTheRest: true };
    let hasRun = false;
    const unit = suite('unit', () => {
      hasRun = true;
      return counted(1);
    });
    const { lines } = summarize(await runSuites([setup, unit], silent));
    assert.equal(hasRun, false);
    assert.equal(lines.at(-1), '0 passed, 2 failed');
  });

  it('does not count a suite that has no folder yet, nor the set-up', async () => {
    const results = await runSuites(
      [
        suite('set-up', () => ({ kind: 'prepared' })),
        suite('torture', () => ({ kind: 'absent' })),
        suite('unit', () => counted(1)),
      ],
      silent,
    );
    assert.equal(summarize(results).lines.at(-1), '1 passed, 0 failed');
  });

  it('says which suite took longer than its budget', async () => {
    let now = 0;
    const slow = suite('slow', () => {
      now += 11_000;
      return counted(1);
    });
    const quick = suite('quick', () => counted(1));
    const { lines } = summarize(await runSuites([slow, quick], { ...silent, nowMs: () => now }));
    assert.match(lines.find((line) => line.startsWith('slow')) ?? '', /11\.0 +10 .*\(over its budget\)$/);
    assert.doesNotMatch(lines.find((line) => line.startsWith('quick')) ?? '', /over its budget/);
  });
});

describe('what a test run left behind', () => {
  it('is taken as it is when counts and exit code agree', () => {
    assert.deepEqual(judge('{"passed":2,"failed":0,"skipped":1}', 0), {
      kind: 'counted',
      counts: { passed: 2, failed: 0, skipped: 1 },
    });
    assert.equal(judge('{"passed":2,"failed":1}', 1).kind, 'counted');
  });

  it('is a failure without counts, without tests, or with a bad exit code', () => {
    assert.deepEqual(judge(undefined, 0), { kind: 'broken', why: 'it ended with exit code 0 and left no counts' });
    assert.deepEqual(judge('{"passed":0,"failed":0}', 0), { kind: 'broken', why: 'it ran no test' });
    assert.equal(judge('{"passed":2,"failed":0}', 1).kind, 'broken');
    assert.equal(judge('{"ok":true}', 0).kind, 'broken');
  });

  it('two runs of one suite are counted as one, and broken as soon as one is', () => {
    const counted = (passed: number, failed: number) => ({ kind: 'counted', counts: { passed, failed } }) as const;
    const sum = together([counted(3, 0), counted(4, 1)]);
    assert.deepEqual(sum, { kind: 'counted', counts: { passed: 7, failed: 1, skipped: 0 } });
    const broken = { kind: 'broken', why: 'it ended early' } as const;
    assert.equal(together([counted(3, 0), broken]), broken);
  });
});
