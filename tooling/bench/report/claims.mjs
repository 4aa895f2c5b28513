/* Rewrites what the repository's texts quote: `node tooling/bench/report/claims.mjs [results.json]`, without a file as kept. */
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { passages } from "./passages.mjs";
import { formatReport } from "./report.mjs";

/** @import { Results } from "./results.mjs" */

/** Folder of the one run that everything is quoted from. @param {string} root Of the repository. */
const resultsFolder = (root) => join(root, "tooling", "bench", "results");

/** The texts that quote. */
export const quotingFiles = [
  "README.md",
  "packages/backend-wasm/README.md",
  "docs/architecture/wasm-backend.md",
  "docs/performance.md",
  "docs/index.md",
];

/** @param {string} root Of the repository. @returns {Promise<Results>} @throws {Error} there is not exactly one. */
export async function readResults(root) {
  const files = (await readdir(resultsFolder(root))).filter((file) => file.endsWith(".json"));
  const [file] = files;
  if (file === undefined || files.length > 1) {
    throw new Error(`tooling/bench/results must have the results of one run, it has those of ${files.length}`);
  }
  return JSON.parse(await readFile(join(resultsFolder(root), file), "utf8"));
}

/**
 * A text with what it quotes brought up to the results: what stands between `<!-- bench: name -->` and `<!-- /bench -->`.
 *
 * @param {string} text
 * @param {Results} results
 * @throws {Error} a passage is unknown.
 */
export function quote(text, results) {
  return text.replaceAll(
    /(<!-- bench: ([a-z-]+) -->\n)[\s\S]*?(<!-- \/bench -->)/g,
    (_whole, opening, name, closing) => {
      const passage = passages[name];
      if (passage === undefined)
        throw new Error(`there is no passage ${name}, only ${Object.keys(passages).join(", ")}`);
      return `${opening}\n${passage(results)}\n\n${closing}`;
    },
  );
}

/**
 * Makes results those that the repository's texts quote, and rewrites the texts.
 *
 * @param {Results} results
 * @param {string} root Of the repository.
 * @returns {Promise<string[]>} The files written.
 */
export async function publish(results, root) {
  const folder = resultsFolder(root);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const path = join("tooling", "bench", "results", results.date);
  await writeFile(join(root, `${path}.json`), `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(join(root, `${path}.md`), formatReport(results));
  for (const file of quotingFiles) {
    await writeFile(join(root, file), quote(await readFile(join(root, file), "utf8"), results));
  }
  return [`${path}.json`, `${path}.md`, ...quotingFiles];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL("../../../", import.meta.url));
  const [, , path] = process.argv;
  const results = path === undefined ? await readResults(root) : JSON.parse(await readFile(path, "utf8"));
  for (const file of await publish(results, root)) console.log(file);
}
