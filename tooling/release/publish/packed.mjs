import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ReleaseError } from "./failures.mjs";
import { missingFiles } from "./named-files.mjs";
import { readTarball } from "./tarball.mjs";

/**
 * @typedef {object} PackedPackage
 * @property {string} name
 * @property {string} version
 * @property {string} file
 * @property {string} integrity Of the file, as a registry states it.
 */

/** @param {unknown} value @returns {value is PackedPackage} */
function isPackedPackage(value) {
  if (typeof value !== "object" || value === null) return false;
  const { name, version, file, integrity } = /** @type {Record<string, unknown>} */ (value);
  return [name, version, file, integrity].every((each) => typeof each === "string") && !/[/\\]/.test(String(file));
}

/** @param {string} folder @returns {readonly PackedPackage[]} */
function readList(folder) {
  if (!existsSync(folder)) throw new ReleaseError(`There is no folder ${folder}.`);
  const file = join(folder, "packed.json");
  if (!existsSync(file))
    throw new ReleaseError(`${folder} has no packed.json: npm run release:pack makes such a folder.`);
  /** @type {unknown} */
  let list;
  try {
    list = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw new ReleaseError(`${file} cannot be read as JSON.`);
  }
  if (!Array.isArray(list) || !list.every(isPackedPackage)) {
    throw new ReleaseError(`${file} is no list of packages with name, version, file and integrity: pack again.`);
  }
  return list;
}

/** @param {string} folder @param {PackedPackage} packed */
async function checkTarball(folder, { name, version, file, integrity }) {
  const tarball = await readTarball(folder, file);
  const { manifest } = tarball;
  const found = `${String(manifest.name)}@${String(manifest.version)}`;
  if (found !== `${name}@${version}`) {
    throw new ReleaseError(`${file} holds ${found}; packed.json says ${name}@${version}.`);
  }
  if (tarball.integrity !== integrity) {
    throw new ReleaseError(`${file} is not the file that was packed: packed.json states another integrity.`);
  }
  const missing = missingFiles(manifest, tarball.files);
  if (missing.length > 0) throw new ReleaseError(`${file} lacks what its package.json names: ${missing.join(", ")}.`);
}

/**
 * The packages of a folder that `pack.mjs` filled, after a look into each.
 *
 * @param {string} folder
 * @param {readonly string[]} names Of all published packages, in the order in which they are published.
 * @returns {Promise<readonly PackedPackage[]>} In that order.
 * @throws {ReleaseError} Packages are missing, or are not what was packed.
 */
export async function readPacked(folder, names) {
  const list = readList(folder);
  const missing = names.filter((name) => !list.some((packed) => packed.name === name));
  if (missing.length > 0) throw new ReleaseError(`packed.json of ${folder} lacks ${missing.join(", ")}.`);
  const others = list.filter(
    ({ name }, place) => !names.includes(name) || list.findIndex((each) => each.name === name) < place,
  );
  if (others.length > 0) {
    const listed = others.map(({ name, version }) => `${name}@${version}`).join(", ");
    throw new ReleaseError(`packed.json of ${folder} names what is not published, or names it twice: ${listed}.`);
  }
  const versions = [...new Set(list.map(({ version }) => version))];
  if (versions.length > 1) {
    throw new ReleaseError(
      `packed.json of ${folder} has packages of ${versions.join(" and ")}: all share one version.`,
    );
  }
  const unlisted = readdirSync(folder).filter(
    (name) => name.endsWith(".tgz") && !list.some((packed) => packed.file === name),
  );
  if (unlisted.length > 0) throw new ReleaseError(`packed.json of ${folder} does not name ${unlisted.join(", ")}.`);
  for (const packed of list) await checkTarball(folder, packed);
  return list.toSorted((one, other) => names.indexOf(one.name) - names.indexOf(other.name));
}
