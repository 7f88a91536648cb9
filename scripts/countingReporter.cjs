const { writeFileSync } = require('node:fs');
const mocha = require('mocha');

/** Mocha's spec output; counts and what failed as JSON in the file that COUNTERSIGN_TEST_COUNTS names. */
module.exports = class CountingReporter extends mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const failed = [];
    const repeated = [];
    const line = (test, error) => `${test.titlePath().join(' > ')}: ${String(error?.message ?? error).split('\n')[0]}`;
    runner.on(mocha.Runner.constants.EVENT_TEST_FAIL, (test, error) => failed.push(line(test, error)));
    runner.on(mocha.Runner.constants.EVENT_TEST_RETRY, (test, error) => {
      repeated.push(line(test, error));
      mocha.reporters.Base.consoleLog(`    tried once more: ${line(test, error)}`);
    });
    runner.once(mocha.Runner.constants.EVENT_RUN_END, () => {
      const file = process.env.COUNTERSIGN_TEST_COUNTS;
      const { passes, failures, pending } = this.stats;
      if (file)
        writeFileSync(
          file,
          JSON.stringify({
            passed: passes,
            failed: failures,
            skipped: pending,
            failedTests: failed,
            repeatedTests: repeated,
          }),
        );
    });
  }
};
