import { tableOf } from "./table.mjs";

/** @typedef {import("vitest/node").TestCase} TestCase */

/** Tells each thing that was tried as it ends, and all of them in a table at the end. */
export default class RehearsalReporter {
  /** @type {import("./table.mjs").Row[]} */
  #rows = [];

  /** @param {TestCase} testCase */
  onTestCaseResult(testCase) {
    const row = rowOf(testCase);
    this.#rows.push(row);
    const { what, manager, node, tool, result, seconds } = row;
    const where = [manager, node && `Node ${node}`, tool].filter((part) => part !== "").join(", ");
    console.log(`${result.padEnd(4)} ${what}${where === "" ? "" : ` (${where})`}: ${seconds.toFixed(1)} s`);
    for (const { message } of testCase.annotations()) console.log(`     ${message}`);
    for (const error of testCase.result().errors ?? []) console.log(error.stack ?? error.message);
  }

  /**
   * @param {readonly import("vitest/node").TestModule[]} modules
   * @param {readonly import("vitest/node").SerializedError[]} errors
   */
  onTestRunEnd(modules, errors) {
    const outside = [...errors, ...modules.flatMap((module) => [...module.errors(), ...suiteErrors(module)])];
    for (const error of outside) console.log(`FAIL ${error.stack ?? error.message}`);
    const failed = this.#rows.filter(({ result }) => result === "FAIL").length;
    console.log(`\n${tableOf(this.#rows)}\n`);
    console.log(`${this.#rows.length} tried, ${failed} failed, ${outside.length} errors outside of them`);
  }
}

/** @param {import("vitest/node").TestModule} module */
function suiteErrors(module) {
  return [...module.children.allSuites()].flatMap((suite) => [...suite.errors()]);
}

/** @param {TestCase} testCase @returns {string} the example that a file is about, or nothing */
function exampleOf({ module }) {
  return /[\\/]checks[\\/]examples[\\/]([\w-]+)\./.exec(module.moduleId)?.[1] ?? "";
}

/** @param {TestCase} testCase @param {string} tool It has a column of its own. */
function whatOf({ fullName }, tool) {
  return fullName.replaceAll(" > ", ": ").replace(tool === "" ? "" : `: ${tool}`, "");
}

/** @param {TestCase} testCase @returns {import("./table.mjs").Row} */
function rowOf(testCase) {
  const meta = /** @type {{ ran?: Partial<import("./table.mjs").Row> }} */ (testCase.meta());
  const { manager = "", node = "", tool = "" } = meta.ran ?? {};
  const { state } = testCase.result();
  return {
    what: [exampleOf(testCase), whatOf(testCase, tool)].filter((part) => part !== "").join(": "),
    manager,
    node,
    tool,
    result: state === "passed" ? "ok" : state === "failed" ? "FAIL" : "not run",
    seconds: (testCase.diagnostic()?.duration ?? 0) / 1000,
  };
}
