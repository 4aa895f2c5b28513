import { existsSync, readFileSync } from "node:fs";

/**
 * Counts from Vitest's JSON report. A test file that could not be run at all counts as one failure.
 *
 * @param {string} file
 * @returns {{ passed: number, failed: number, skipped: number } | undefined} Nothing where there is no report.
 */
export function readVitestResults(file) {
  if (!existsSync(file)) return undefined;
  const report = JSON.parse(readFileSync(file, "utf8"));
  /** @type {{ status: string, assertionResults: { status: string }[] }[]} */
  const files = report.testResults;
  const brokenFiles = files.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((assertion) => assertion.status === "failed"),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
