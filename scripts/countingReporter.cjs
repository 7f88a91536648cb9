const { writeFileSync } = require('node:fs');
const mocha = require('mocha');

/** Mocha's spec output, and the counts as JSON in the file that COUNTERSIGN_TEST_COUNTS names. */
module.exports = class CountingReporter extends mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(mocha.Runner.constants.EVENT_RUN_END, () => {
      const file = process.env.COUNTERSIGN_TEST_COUNTS;
      const { passes, failures, pending } = this.stats;
      if (file) writeFileSync(file, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
    });
  }
};
