import { readFileSync } from "node:fs";

/**
 * The numbers of a file in `src/codes`, which is JavaScript too: Node 20 imports no file that is named as TypeScript.
 *
 * @param {string} name
 * @returns {Promise<Record<string, number>>}
 */
export function readCodes(name) {
  const text = readFileSync(new URL(`../src/codes/${name}.ts`, import.meta.url), "utf8");
  return import(`data:text/javascript,${encodeURIComponent(text)}`);
}
