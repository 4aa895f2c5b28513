/*
 * Every check of the project, fast ones first: what `npm test` runs. `npm test -- types lint` runs only those; `--long`, which is
 * `npm run test:long`, runs what takes many minutes and downloads much.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProcess, stopSignal } from "../release/processes.mjs";
import { install, root, runTask, toolEnvironment } from "../release/workspace.mjs";
import { readVitestResults } from "./vitest-results.mjs";

const reports = mkdtempSync(join(tmpdir(), "checks-"));

/**
 * @typedef {object} Outcome
 * @property {boolean} ok
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string} output What to show where it failed.
 */

/**
 * @typedef {object} Check
 * @property {string} name
 * @property {(isBuilt: boolean) => Promise<Outcome>} run What it is told is whether the packages were built just now.
 * @property {readonly string[]} [needs] Checks without whose success this one cannot run.
 */

/** @param {import("../release/processes.mjs").ProcessResult} result @returns {Outcome} */
function single({ code, output }) {
  const ok = code === 0;
  return { ok, passed: Number(ok), failed: Number(!ok), skipped: 0, output };
}

/**
 * A program among the installed tools that counts as one check.
 *
 * @param {string} command
 * @param {readonly string[]} [parameters]
 */
function tool(command, parameters = []) {
  return async () =>
    single(
      await runProcess(command, parameters, {
        cwd: root,
        env: toolEnvironment,
        capture: true,
        shell: process.platform === "win32",
      }),
    );
}

/**
 * A run of Vitest, in which every test counts. Its output is shown as it comes.
 *
 * @param {string} name
 * @param {string} configuration
 * @returns {Check["run"]}
 */
function vitest(name, configuration) {
  return async (isBuilt) => {
    const report = join(reports, `${name}.json`);
    const { code } = await runProcess(
      "vitest",
      ["run", "--config", configuration, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
      {
        cwd: root,
        env: isBuilt ? { ...toolEnvironment, FEATUREMAP_TESTS_BUILT: "1" } : toolEnvironment,
        shell: process.platform === "win32",
      },
    );
    const counts = readVitestResults(report) ?? { passed: 0, failed: 1, skipped: 0 };
    // An error outside every test fails the run, though each test passed.
    const failed = code !== 0 && counts.failed === 0 ? 1 : counts.failed;
    return { ...counts, failed, ok: code === 0 && failed === 0, output: "" };
  };
}

/** @type {readonly Check[]} */
const checks = [
  { name: "format", run: tool("oxfmt", ["--check"]) },
  { name: "assembly", run: tool(process.execPath, ["tooling/checks/format-assembly.mjs", "--check"]) },
  { name: "lint", run: tool("oxlint") },
  { name: "types", run: async () => single(await runTask("types", { capture: true })) },
  {
    name: "boundaries",
    run: tool("depcruise", ["packages", "apps", "tooling", "--config", "tooling/checks/boundaries.config.mjs"]),
  },
  { name: "unused", run: tool("knip") },
  { name: "build", run: async () => single(await runTask("build", { capture: true })) },
  { name: "packages", run: tool(process.execPath, ["tooling/checks/packed/packed-packages.mjs"]), needs: ["build"] },
  { name: "api", run: tool(process.execPath, ["tooling/checks/api/api.mjs"]), needs: ["build"] },
  { name: "sizes", run: tool("size-limit", ["--config", "tooling/checks/size-limits.json"]), needs: ["build"] },
  { name: "unit", run: vitest("unit", "vitest.config.ts") },
  { name: "dist", run: vitest("dist", "tooling/testing/vitest.dist.config.mjs"), needs: ["build"] },
  { name: "installed", run: vitest("installed", "tooling/checks/installed/vitest.config.mjs"), needs: ["build"] },
  {
    name: "examples",
    run: vitest("examples", "tooling/checks/installed/vitest.examples.config.mjs"),
    needs: ["build"],
  },
  { name: "browser", run: vitest("browser", "tooling/testing/vitest.browser.config.mjs"), needs: ["build"] },
];

/** @type {readonly Check[]} */
const longChecks = [
  { name: "build", run: async () => single(await runTask("build", { capture: true })) },
  { name: "long", run: vitest("long", "tooling/checks/installed/vitest.long.config.mjs"), needs: ["build"] },
];

/** @param {readonly Check[]} chosen @returns {Promise<number>} Exit code. */
async function runChecks(chosen) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  const broken = new Set();
  let isBuilt = false;
  for (const { name, run, needs = [] } of chosen) {
    const missing = needs.find((need) => broken.has(need));
    if (missing !== undefined) {
      console.log(`FAIL ${name}: it needs ${missing}, which failed`);
      total.failed++;
      continue;
    }
    const began = performance.now();
    const outcome = await run(isBuilt);
    const signal = stopSignal();
    if (signal !== undefined) {
      console.log(`Stopped by ${signal} in ${name}.`);
      return 130;
    }
    if (name === "build") isBuilt = outcome.ok;
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    if (!outcome.ok) {
      broken.add(name);
      if (outcome.output !== "") console.log(outcome.output.trimEnd());
    }
    console.log(`${outcome.ok ? "ok  " : "FAIL"} ${name} (${seconds} s)`);
    total.passed += outcome.passed;
    total.failed += outcome.failed;
    total.skipped += outcome.skipped;
  }
  if (total.skipped > 0) console.log(`${total.skipped} skipped`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

async function main() {
  const long = process.argv[2] === "--long";
  const known = long ? longChecks : checks;
  const names = process.argv.slice(long ? 3 : 2);
  const unknown = names.find((name) => known.every((check) => check.name !== name));
  if (unknown !== undefined) {
    console.error(`npm test: unknown check ${unknown}; there are ${known.map(({ name }) => name).join(", ")}.`);
    return 2;
  }
  const installed = await install();
  if (stopSignal() !== undefined) return 130;
  if (installed !== 0) {
    console.log("FAIL install: nothing else can run\n0 passed, 1 failed");
    return 1;
  }
  return runChecks(names.length === 0 ? known : known.filter(({ name }) => names.includes(name)));
}

try {
  process.exitCode = await main();
} finally {
  rmSync(reports, { recursive: true });
}
