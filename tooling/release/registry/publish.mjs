import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runProcess } from "../processes.mjs";
import { packageFolders, root, toolEnvironment } from "../workspace.mjs";

/** npm takes about a second for each, of which half is waiting. */
const publishedAtOnce = 3;

/**
 * A package of the workspace that is published.
 *
 * @typedef {object} PublishedPackage
 * @property {string} name
 * @property {string} version
 * @property {string} folder
 */

/** @returns {Promise<PublishedPackage[]>} */
export async function publishedPackages() {
  const manifests = await Promise.all(
    packageFolders().map(async (folder) => ({
      folder,
      ...JSON.parse(await readFile(join(folder, "package.json"), "utf8")),
    })),
  );
  return manifests.filter(({ private: hidden }) => hidden !== true);
}

/**
 * Runs a program and gives what it printed.
 *
 * @param {string} command
 * @param {readonly string[]} parameters
 * @param {NodeJS.ProcessEnv} [environment]
 */
async function runOrThrow(command, parameters, environment = {}) {
  const { code, output } = await runProcess(command, parameters, {
    cwd: root,
    env: { ...toolEnvironment, ...environment },
    capture: true,
    shell: process.platform === "win32",
  });
  if (code !== 0) throw new Error(`${command} ${parameters.join(" ")} ended with ${code}:\n${output.slice(-4000)}`);
}

/**
 * Packs every package as pnpm does before publishing, and publishes what was packed with npm, as the release does.
 *
 * @param {import("./registry.mjs").Registry} registry
 * @returns {Promise<PublishedPackage[]>} what was published
 */
export async function publishPackages({ address, folder }) {
  const packages = await publishedPackages();
  const packed = join(folder, "packed");
  await mkdir(packed);
  const filters = packages.flatMap(({ name }) => ["--filter", name]);
  await runOrThrow("pnpm", ["--recursive", ...filters, "pack", "--pack-destination", packed]);
  // npm publishes nothing without a token; this registry takes any.
  const settings = join(folder, "npmrc");
  await writeFile(settings, `registry=${address}\n//${new URL(address).host}/:_authToken=rehearsal\n`);
  const waiting = await readdir(packed);
  const publishNext = async () => {
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      // Provenance is signed by the machine that builds a release, and npm refuses it anywhere else.
      const options = ["--provenance=false", "--registry", address, "--loglevel", "error"];
      await runOrThrow("npm", ["publish", join(packed, file), ...options], { NPM_CONFIG_USERCONFIG: settings });
    }
  };
  await Promise.all(Array.from({ length: publishedAtOnce }, publishNext));
  return packages;
}
