import { writeFileSync } from "node:fs";
import { findBackend, registerBackend, removeBackend } from "@tensorflow/tfjs-core";
import jasmineRequire, { type SpecResult } from "jasmine-core";
import { BACKEND_NAME } from "../engine/backend.ts";
import { registerWasmBackend } from "../register.ts";
import type { Case } from "./report.ts";

/**
 * Runs TensorFlow.js's own specs on this backend and writes what became of each: `run.js <threads> <report> [filter]`.
 *
 * Built into one file by `bundle.ts`, because the specs are modules without file extensions, which Node does not load.
 */
const [threads = "1", report = "", filter = ""] = process.argv.slice(2);

const jasmine = jasmineRequire.boot();
jasmine.DEFAULT_TIMEOUT_INTERVAL = 60_000;

await registerWasmBackend({ threads: Number(threads) });
keepOneBackend();

const { setTestEnvs } = await import("@tensorflow/tfjs-core/dist/jasmine_util.js");
setTestEnvs([{ name: BACKEND_NAME, backendName: BACKEND_NAME, isDataSync: true }]);
await import("@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js");
await import("@tensorflow/tfjs-core/dist/register_all_gradients.js");
await import("@tensorflow/tfjs-core/dist/tests.js");

const cases: Case[] = [];
const environment = jasmine.getEnv();
environment.configure({ random: false, specFilter: (spec) => spec.getFullName().includes(filter) });
environment.addReporter({
  specDone({ fullName, status, duration, failedExpectations }: SpecResult) {
    // A filtered case is listed as well.
    if (status === "excluded") return;
    const messages = failedExpectations.map(({ message, stack }) => `${message}\n${stack ?? ""}`);
    cases.push({ name: fullName, status, milliseconds: duration ?? 0, messages });
  },
});
await environment.execute();
writeFileSync(report, JSON.stringify(cases));
process.exit();

/** Every suite of the specs disposes all backends; threads started anew hundreds of times would take minutes. */
function keepOneBackend(): void {
  const backend = findBackend(BACKEND_NAME);
  backend.dispose = () => {};
  removeBackend(BACKEND_NAME);
  registerBackend(BACKEND_NAME, () => backend);
}
