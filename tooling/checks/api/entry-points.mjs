import { readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * @typedef {object} EntryPoint
 * @property {string} name As its report is called: `index`, `model-files`, `contract-kernel`.
 * @property {string} types Its built declarations.
 */

/** @param {string} path "." or "./contract/kernel" */
function nameOf(path) {
  return path === "." ? "index" : path.slice(2).replaceAll("/", "-");
}

/**
 * The entry points that users import from a package. `~internal` is for this repository's own tests.
 *
 * @param {string} folder
 * @returns {EntryPoint[]}
 */
export function entryPoints(folder) {
  /** @type {{ readonly exports: Readonly<Record<string, string | { readonly types?: string }>> }} */
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return Object.entries(exports).flatMap(([path, target]) => {
    if (typeof target === "string" || target.types === undefined || path.startsWith("./~internal")) return [];
    const types = join(folder, target.types);
    if (!path.endsWith("/*")) return [{ name: nameOf(path), types }];
    const suffix = basename(types).slice(1);
    return readdirSync(dirname(types))
      .filter((file) => file.endsWith(suffix))
      .map((file) => ({
        name: nameOf(path.replace("*", file.slice(0, -suffix.length))),
        types: join(dirname(types), file),
      }));
  });
}
