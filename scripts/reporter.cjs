// Mocha's spec reporter that also writes its counts to the file named by TEPUI_TEST_COUNTS, if that is set.
const { writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      writeFileSync(
        process.env.TEPUI_TEST_COUNTS,
        JSON.stringify({ passed: passes, failed: failures, skipped: pending }),
      );
    });
  }
};
