import { readdir, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { UnavailableError } from "@featuremap/tensor";
import { isUnfinished } from "../../output/unfinished.ts";

/**
 * The absolute path to write to.
 *
 * @param force whether something may be there already
 * @throws {UnavailableError} something is there already, or cannot be seen.
 */
export async function checkTarget(path: string, force: boolean): Promise<string> {
  const target = resolve(path);
  const found = await stat(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new UnavailableError(`Cannot write to ${target} (${error.code})`, "Choose another target.", { cause: error });
  });
  if (found === undefined || force) return target;
  // What begins so was left by a save that was cut short, and goes with the next one.
  const isEmpty = found.isDirectory() && (await readdir(target)).every(isUnfinished);
  if (isEmpty) return target;
  throw new UnavailableError(`${target} is there already`, "Give --force to write over it, or another target.");
}
