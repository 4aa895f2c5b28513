/* A release in everything but the last click: what `npm run release:rehearse` runs. */
import { join } from "node:path";
import { heedSignals, runProcess, stopSignal } from "./processes.mjs";
import { publishPackages } from "./registry/publish.mjs";
import { startRegistry } from "./registry/registry.mjs";
import { UsageError, help, parseRehearsal } from "./rehearsal/options.mjs";
import { build, install, root, toolEnvironment } from "./workspace.mjs";

const configuration = "tooling/checks/installed/vitest.rehearsal.config.mjs";
const reporter = join(root, "tooling", "release", "rehearsal", "reporter.mjs");

/**
 * @param {string} address of the registry that has the packages
 * @param {readonly string[]} files
 * @returns {Promise<number>} Exit code.
 */
async function tryPackages(address, files) {
  const { code } = await runProcess("vitest", ["run", "--config", configuration, `--reporter=${reporter}`, ...files], {
    cwd: root,
    env: { ...toolEnvironment, FEATUREMAP_REGISTRY: address },
    shell: process.platform === "win32",
  });
  return code;
}

/** @returns {Promise<number>} Exit code. */
async function rehearse() {
  const options = parseRehearsal(process.argv.slice(2));
  if (options.help) {
    console.log(help);
    return 0;
  }
  for (const step of [install, build]) {
    const code = await step();
    if (code !== 0 || stopSignal() !== undefined) return code === 0 ? 130 : code;
  }
  console.log("Starting the registry ...");
  const registry = await startRegistry();
  try {
    console.log(`Publishing to ${registry.address} ...`);
    await publishPackages(registry);
    if (stopSignal() !== undefined) return 130;
    const code = await tryPackages(registry.address, options.files);
    return stopSignal() === undefined ? code : 130;
  } finally {
    await registry.close();
  }
}

heedSignals();
try {
  process.exitCode = await rehearse();
} catch (error) {
  if (error instanceof UsageError) {
    console.error(error.message);
    process.exitCode = 2;
  } else if (stopSignal() === undefined) throw error;
  else process.exitCode = 130;
}
