const { writeFileSync } = require('node:fs');
const mocha = require('mocha');

/** Mocha's spec output; counts and what failed as JSON in the file that COUNTERSIGN_TEST_COUNTS names. */
module.exports = class CountingReporter extends mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const failed = [];
    runner.on(mocha.Runner.constants.EVENT_TEST_FAIL, (test, error) => {
      failed.push(`${test.titlePath().join(' > ')}: ${String(error?.message ?? error).split('\n')[0]}`);
    });
    runner.once(mocha.Runner.constants.EVENT_RUN_END, () => {
      const file = process.env.COUNTERSIGN_TEST_COUNTS;
      const { passes, failures, pending } = this.stats;
      if (file)
        writeFileSync(
          file,
          JSON.stringify({ passed: passes, failed: failures, skipped: pending, failedTests: failed }),
        );
    });
  }
};
