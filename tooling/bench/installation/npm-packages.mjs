import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "./command.mjs";
import { once } from "./once.mjs";

/**
 * npm packages in a folder of their own; their install scripts do not run.
 *
 * @param {string} folder
 * @param {readonly string[]} packages
 * @param {() => Promise<void>} [finish] What remains to be done once they are there.
 */
export async function installNpmPackages(folder, packages, finish) {
  await once(folder, packages, async () => {
    await writeFile(join(folder, "package.json"), '{ "private": true }\n');
    await runCommand("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", ...packages], { cwd: folder });
    await finish?.();
  });
}
