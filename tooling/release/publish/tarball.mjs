import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runProcess } from "../processes.mjs";
import { ReleaseError } from "./failures.mjs";

/**
 * @typedef {object} PackedManifest
 * @property {unknown} [name]
 * @property {unknown} [version]
 * @property {unknown} [exports]
 * @property {unknown} [imports]
 * @property {unknown} [bin]
 */

/**
 * @typedef {object} Tarball
 * @property {readonly string[]} files Of the package, as `dist/index.js`.
 * @property {PackedManifest} manifest
 * @property {string} integrity As a registry states it: sha512-...
 */

/**
 * What a packed package holds. `tar` is on every system, and the job that publishes installs nothing.
 *
 * @param {string} folder
 * @param {string} file
 * @returns {Promise<Tarball>}
 * @throws {ReleaseError} There is no such file, or it is no package.
 */
export async function readTarball(folder, file) {
  if (!existsSync(join(folder, file))) throw new ReleaseError(`${folder} has no ${file}.`);
  const listed = await runProcess("tar", ["-tzf", `./${file}`], { cwd: folder, capture: true });
  if (listed.code !== 0) throw new ReleaseError(`${file} is no readable package.`);
  const files = listed.output.split(/\r?\n/).map((path) => path.replace(/^package\//, ""));
  if (!files.includes("package.json")) throw new ReleaseError(`${file} has no package.json.`);
  const shown = await runProcess("tar", ["-xzOf", `./${file}`, "package/package.json"], { cwd: folder, capture: true });
  const integrity = `sha512-${createHash("sha512")
    .update(readFileSync(join(folder, file)))
    .digest("base64")}`;
  try {
    return { files, manifest: JSON.parse(shown.output), integrity };
  } catch {
    throw new ReleaseError(`${file} has a package.json that cannot be read.`);
  }
}
