import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readVitestResults } from "./vitest-results.mjs";

describe("the counts of a Vitest report", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "results-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("are its tests, and one failure for each file that could not be run", async () => {
    const file = join(folder, "report.json");
    const report = {
      numPassedTests: 5,
      numFailedTests: 1,
      numPendingTests: 2,
      numTodoTests: 1,
      testResults: [
        { status: "passed", assertionResults: [{ status: "passed" }] },
        { status: "failed", assertionResults: [{ status: "passed" }, { status: "failed" }] },
        { status: "failed", assertionResults: [] },
      ],
    };
    await writeFile(file, JSON.stringify(report));
    expect(readVitestResults(file)).toEqual({ passed: 5, failed: 2, skipped: 3 });
  });

  test("are absent where Vitest wrote no report", () => {
    expect(readVitestResults(join(folder, "absent.json"))).toBeUndefined();
  });
});
