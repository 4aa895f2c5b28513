import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runProcess } from "../processes.mjs";
import { root, toolEnvironment } from "../workspace.mjs";

/**
 * Runs a step of the release to its end; what it prints is shown only if it fails.
 *
 * @param {string} step
 * @param {readonly string[]} parameters
 * @param {NodeJS.ProcessEnv} [environment]
 */
async function release(step, parameters, environment = {}) {
  const { code, output } = await runProcess(
    process.execPath,
    [join(import.meta.dirname, "..", "publish", step), ...parameters],
    {
      cwd: root,
      env: { ...toolEnvironment, ...environment },
      capture: true,
    },
  );
  if (code !== 0) throw new Error(`${step} ended with ${code}:\n${output.slice(-4000)}`);
}

/**
 * Packs every built package and publishes it, with the steps of the release itself.
 *
 * @param {import("./registry.mjs").Registry} registry
 */
export async function publishPackages({ address, folder }) {
  const packed = join(folder, "packed");
  await release("pack.mjs", [packed, "--built"]);
  // npm publishes nothing without a token; this registry takes any.
  const settings = join(folder, "npmrc");
  await writeFile(settings, `//${new URL(address).host}/:_authToken=rehearsal\n`);
  await release("publish.mjs", [packed], { npm_config_registry: address, npm_config_userconfig: settings });
}
