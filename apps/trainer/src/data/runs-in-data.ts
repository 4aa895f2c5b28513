import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { InvalidConfigError } from "@featuremap/tensor";
import { isOfRun } from "../run/run-environment.ts";
import { usualRunsFolder } from "../run/run-names.ts";
import { runPaths } from "../run/run-paths.ts";
import { isUnfinished } from "../output/unfinished.ts";

/**
 * Whether a folder among those of classes is not a class, but a run or the folder of all runs: whoever calls the command where
 * the pictures are has it there the next time.
 */
export async function holdsRuns(folder: string, name: string): Promise<boolean> {
  const path = join(folder, name);
  if (await isOfRun(runPaths(path).environment)) return true;
  if (name !== usualRunsFolder) return false;
  const entries: Dirent[] = await readdir(path, { withFileTypes: true }).catch(() => []);
  const isBare = entries.every((entry) => entry.name.startsWith(".") || entry.isDirectory());
  if (!isBare) return false;
  const within = await Promise.all(entries.map((entry) => readdir(join(path, entry.name)).catch(() => [])));
  return within.flat().some((entry) => marks.has(entry) || isUnfinished(entry));
}

/** One of these lies in whatever a command leaves in the folder of runs; a lock in what it begins. */
const marks: ReadonlySet<string> = new Set(["environment.json", "sweep.json", "learning-rates.csv"]);

/**
 * Sees to it that no folder among those of classes is written to, which would be a class the next time.
 *
 * @param data as it was named, whatever it is
 * @throws {InvalidConfigError} `--out` is the folder of the pictures, or lies in it.
 */
export async function refuseOutAmongClasses(owner: string, data: string, out: string | undefined): Promise<void> {
  if (out === undefined) return;
  const inner = relative(resolve(data), resolve(out));
  const [first] = inner.split(sep);
  if (isAbsolute(inner) || first === ".." || first === usualRunsFolder) return;
  const isFolder = await readdir(data).then(
    () => true,
    () => false,
  );
  if (!isFolder) return;
  throw new InvalidConfigError(owner, "--out", `outside the data (${data}), whose folders are classes`, out);
}
