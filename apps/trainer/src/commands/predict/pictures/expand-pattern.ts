import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { UnavailableError } from "@featuremap/tensor";
import { type FoundName, foundFile } from "../../../pictures/picture-names.ts";
import { walkFolder } from "./walk-folder.ts";

const special = /[*?[{]/;
/** A pattern that names an ending itself means files of any kind. */
const ownEnding = /\.[^./*?[\]{}]+$/;

/** Whether a word may stand for several files: `photos/*.jpg`. */
export function isPattern(word: string): boolean {
  return special.test(word);
}

/**
 * What a pattern stands for that the shell has left as it is: files, and those in folders. What is hidden counts only where
 * the pattern has its dot.
 *
 * Names that are there are taken as they are, so that `photos [2024]/*.jpg` finds what is in that folder.
 *
 * @param base where names start from
 */
export async function* expandPattern(pattern: string, base: string): AsyncGenerator<FoundName> {
  const { glob } = await import("tinyglobby");
  const parts = pattern.split("/");
  let root = "";
  let rest = parts;
  // The last part is a pattern, or it would be there.
  for (let count = 1; count < parts.length; count++) {
    const head = parts.slice(0, count).join("/") || "/";
    if (!(await isThere(resolve(base, head)))) break;
    root = head;
    rest = parts.slice(count);
  }
  const found = await glob(rest.join("/"), {
    cwd: resolve(base, root),
    onlyFiles: false,
    expandDirectories: false,
    dot: false,
  });
  if (found.length === 0) {
    const error = new UnavailableError(
      `There is no file ${pattern}, and none that matches it as a pattern`,
      "Name files, folders or patterns.",
    );
    yield { kind: "wrong", name: pattern, error };
  }
  for (const each of found.toSorted()) {
    const name = join(root, each);
    if (each.endsWith("/")) yield* walkFolder(name.replace(/\/$/, ""), base);
    else yield ownEnding.test(pattern) ? { kind: "picture", name } : foundFile(name);
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
