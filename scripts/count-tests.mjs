// Prints "N passed, N failed" over vitest's JSON reports; fails if a test failed, a report is missing or nothing ran.
import { existsSync, readFileSync } from "node:fs";

const total = { passed: 0, failed: 0, skipped: 0 };
let complete = true;
for (const file of [".vitest/report.json", ".vitest/node-sqlite.json", ".vitest/soak.json"]) {
  if (!existsSync(file)) {
    console.log(`${file} is missing: its tests did not run.`);
    complete = false;
    continue;
  }
  const report = JSON.parse(readFileSync(file, "utf8"));
  total.passed += report.numPassedTests;
  total.failed += report.numFailedTests;
  total.skipped += report.numPendingTests + report.numTodoTests;
}
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ""}`);
process.exitCode = complete && total.passed > 0 && total.failed === 0 ? 0 : 1;
