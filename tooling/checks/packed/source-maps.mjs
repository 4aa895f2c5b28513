import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Minified or generated files, made to be loaded as they are. */
const whole = /^(dist\/(page|web)|embedded|worker)\//;

/** What is left of a module that only passes on what others export. */
const passedOn = /^(\/\/.*|import .*|export \{.*|\s*)$/;

/**
 * Declarations that name a map which is not packed.
 *
 * @param {string} folder Of the package.
 * @param {readonly string[]} files In the packed package.
 * @returns {string[]}
 */
export function declarationMapProblems(folder, files) {
  return files
    .filter((file) => /\.d\.[cm]?ts$/.test(file))
    .flatMap((file) => {
      const map = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(readFileSync(join(folder, file), "utf8"))?.[1];
      const isPacked = map === undefined || files.includes(file.replace(/[^/]*$/, map));
      return isPacked ? [] : [`${file}: its map ${map} is not packed.`];
    });
}

/**
 * What hinders a debugger from showing sources: of the modules that a bundler or Node follows, each has a map, and each map holds the
 * sources.
 *
 * @param {string} folder Of the package.
 * @param {readonly string[]} files In the packed package.
 * @returns {string[]}
 */
export function sourceMapProblems(folder, files) {
  return files
    .filter((file) => file.endsWith(".js") && !whole.test(file))
    .flatMap((file) => {
      const text = readFileSync(join(folder, file), "utf8");
      if (text.startsWith("//#region \\0rolldown") || text.split("\n").every((line) => passedOn.test(line))) return [];
      const map = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(text)?.[1];
      if (map === undefined) return [`${file} has no source map.`];
      const path = join(folder, file, "..", map);
      if (!existsSync(path) || !files.includes(file.replace(/[^/]*$/, map)))
        return [`${file}: its map ${map} is not packed.`];
      /** @type {{ readonly sources: readonly string[], readonly sourcesContent?: readonly (string | null)[] }} */
      const { sources, sourcesContent = [] } = JSON.parse(readFileSync(path, "utf8"));
      const missing = sources.filter((_, index) => typeof sourcesContent[index] !== "string");
      return missing.map((source) => `${file}: its map lacks the source ${source}.`);
    });
}
