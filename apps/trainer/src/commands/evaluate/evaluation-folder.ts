import { mkdir, readdir } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { reasonOf } from "@featuremap/files";
import { UnavailableError } from "@featuremap/tensor";
import { nextFolder } from "../../run/next-folder.ts";
import { isUnfinished } from "../../output/unfinished.ts";

/** The file by which an evaluation's folder is known. */
export const evaluationFile = "evaluation.json";
const stem = "evaluation";

/**
 * The folder that an evaluation is written to.
 *
 * @param out a new or empty folder, or that of an older evaluation; without it the next number of `evaluation-<number>`
 * @param beside where numbered folders are
 * @throws {UnavailableError} it holds something else, or cannot be written.
 */
export async function takeEvaluationFolder(out: string | undefined, beside: string): Promise<string> {
  if (out === undefined) return nextFolder(beside, stem);
  try {
    const path = resolve(out);
    await mkdir(path, { recursive: true });
    const names = await readdir(path);
    if (names.every((name) => isUnfinished(name)) || existsSync(join(path, evaluationFile))) return path;
  } catch (cause) {
    throw new UnavailableError(`Cannot write to ${out} (${reasonOf(cause)})`, "Choose another folder with --out.", {
      cause,
    });
  }
  throw new UnavailableError(`${out} holds something other than an evaluation`, "Choose another folder with --out.");
}
