import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { bundleSpecs } from "./bundle.ts";
import { excluded } from "./excluded.ts";
import type { Case } from "./report.ts";

/** Beside the dependencies, one of which the program imports. */
const directory = fileURLToPath(new URL("../../node_modules/.cache/conformance", import.meta.url));
let program = "";

beforeAll(async () => {
  program = await bundleSpecs(directory);
}, 120_000);

/** Narrows the specs to the cases whose full name contains it. */
const filter = process.env["FEATUREMAP_SPECS"] ?? "";

async function runSpecs(threads: number): Promise<Case[]> {
  const report = `${directory}/report-${threads}.json`;
  // The specs print; a healthy run says nothing that the report does not.
  await promisify(execFile)(process.execPath, [program, String(threads), report, filter], { maxBuffer: 1 << 27 });
  return JSON.parse(await readFile(report, "utf8")) as Case[];
}

test("excludes less than one case in a hundred, each with its reason", () => {
  expect(excluded.length).toBeLessThan(40);
  expect(excluded.filter(({ reason }) => reason === "")).toEqual([]);
  expect(new Set(excluded.map(({ name }) => name)).size).toBe(excluded.length);
});

test.for([1, 2])("passes TensorFlow.js's own specs with %d thread(s)", { timeout: 300_000 }, async (threads) => {
  const cases = await runSpecs(threads);
  const run = cases.filter(({ status }) => status !== "pending");
  expect(run.length).toBeGreaterThan(filter === "" ? 4000 : 0);
  const failed = run.filter(({ status }) => status === "failed");
  const names = new Set(excluded.map(({ name }) => name));
  const unexpected = failed.filter(({ name }) => !names.has(name));
  expect(unexpected.map(({ name, messages }) => `${name}\n${messages.join("\n")}`)).toEqual([]);
  const passing = run.filter(({ name, status }) => status === "passed" && names.has(name));
  expect(passing.map(({ name }) => name)).toEqual([]);
});
