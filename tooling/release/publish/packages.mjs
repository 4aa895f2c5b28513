import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolders } from "../workspace.mjs";

/**
 * @typedef {object} PublishedPackage
 * @property {string} name
 * @property {string} version
 * @property {string} folder
 * @property {Readonly<Record<string, string>>} dependencies
 */

/** @param {string} folder @returns {PublishedPackage & { readonly private?: boolean }} */
function readPackage(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return { ...manifest, dependencies: manifest.dependencies ?? {}, folder };
}

/**
 * Packages in an order in which each comes after those that it depends on, so that whatever is in the registry can be installed, even
 * while others are still on their way.
 *
 * @template {{ readonly name: string, readonly dependencies: Readonly<Record<string, string>> }} Package
 * @param {readonly Package[]} packages
 * @returns {Package[]}
 */
export function inOrderOfDependence(packages) {
  const names = new Set(packages.map(({ name }) => name));
  /** @type {Package[]} */
  const ordered = [];
  const placed = new Set();
  while (ordered.length < packages.length) {
    const ready = packages.filter(
      ({ name, dependencies }) =>
        !placed.has(name) && Object.keys(dependencies).every((needed) => !names.has(needed) || placed.has(needed)),
    );
    if (ready.length === 0) throw new Error("The published packages depend on each other in a circle.");
    ordered.push(...ready);
    ready.forEach(({ name }) => placed.add(name));
  }
  return ordered;
}

/** The packages that users install. @returns {PublishedPackage[]} */
export function publishedPackages() {
  return inOrderOfDependence(
    packageFolders()
      .map(readPackage)
      .filter((manifest) => manifest.private !== true),
  );
}
