import type { Stats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { modelFormat } from "@featuremap/formats/any";
import { UnavailableError } from "@featuremap/tensor";
import { formatCounted } from "../../terminal/format.ts";
import { isUnfinished } from "../../output/unfinished.ts";

/** Names of files that models have beside `model.json`, which a save that was cut short may leave without it. */
const weightNames = /^((weights|optimizer)(-[0-9a-f]{16})?\.safetensors|group\d+-shard\d+of\d+(-[0-9a-f]{16})?\.bin)$/;

/** Files that are named where a folder holds more. */
const namedAtMost = 3;

/**
 * The absolute path to write to.
 *
 * @param force whether a model may be there already
 * @throws {UnavailableError} something is there already, or cannot be seen; or it is a folder with other files than a model's, which a
 * model would lie among.
 */
export async function checkTarget(path: string, force: boolean): Promise<string> {
  const target = resolve(path);
  const found = await ifThere(target, () => stat(target));
  if (found === undefined) return target;
  const names = found.isDirectory() ? ((await ifThere(target, () => readdir(target))) ?? []) : undefined;
  // What begins so was left by a save that was cut short, and goes with the next one.
  const others = names?.filter((name) => !isUnfinished(name));
  if (others?.length === 0) return target;
  if (others !== undefined && !(await isModel(target, others))) {
    const [shown, more] = [others.slice(0, namedAtMost).join(", "), others.length - namedAtMost];
    const listed = more > 0 ? `${shown} and ${formatCounted(more, "other")}` : shown;
    throw new UnavailableError(`${target} is a folder with other files (${listed})`, "Choose a folder of its own.");
  }
  if (force) return target;
  throw new UnavailableError(`${target} is there already`, "Give --force to write over it, or another target.");
}

/** @throws {UnavailableError} the system does not show it. */
async function ifThere<Found extends Stats | string[]>(
  target: string,
  look: () => Promise<Found>,
): Promise<Found | undefined> {
  return look().catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new UnavailableError(`Cannot write to ${target} (${error.code})`, "Choose another target.", { cause: error });
  });
}

/** Whether a folder holds a model, or what is left of one. */
async function isModel(folder: string, names: readonly string[]): Promise<boolean> {
  if (names.every((name) => weightNames.test(name))) return true;
  return (
    names.includes("model.json") &&
    modelFormat(folder).then(
      () => true,
      () => false,
    )
  );
}
