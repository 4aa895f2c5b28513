import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { removeEmptyFolder } from "@featuremap/files";
import { UnavailableError } from "@featuremap/tensor";
import { checkBundleTarget } from "../bundle-target.ts";
import { takeOutputFolder } from "../output-folder.ts";
import { nextFolder } from "./next-folder.ts";
import { isOfRun } from "./run-environment.ts";
import { usualRunsFolder } from "./run-names.ts";
import { type RunPaths, runPaths } from "./run-paths.ts";

/** A folder that one training has for itself. */
export interface RunFolder extends RunPaths {
  /** Gives it free; where nothing can be gone on from, what was written there goes again. */
  release(): Promise<void>;
}

/**
 * Takes a folder for a run, and so proves that it can be written: before hours of work, not after.
 *
 * @param out the folder; without it the next number of `runs/<name>-<number>`
 * @throws {UnavailableError} another training has it, it holds something else, or the system refuses.
 */
export async function takeRunFolder({
  out,
  name,
}: {
  readonly out?: string | undefined;
  readonly name: string;
}): Promise<RunFolder> {
  const path = out === undefined ? await nextFolder(resolve(usualRunsFolder), name) : resolve(out);
  const paths = runPaths(path);
  await checkBundleTarget(paths.model);
  await refuseOthersFiles(paths);
  const folder = await takeOutputFolder(path);
  const before = new Set(await readdir(path));
  return {
    ...paths,
    async release() {
      const isKept = existsSync(join(paths.model, "model.json")) || existsSync(paths.backup);
      if (!isKept) {
        const made = (await readdir(path)).filter((entry) => !before.has(entry) && !entry.startsWith("."));
        for (const entry of made) await rm(join(path, entry), { recursive: true, force: true });
      }
      await folder.release(isKept);
      if (!isKept && out === undefined) {
        await removeEmptyFolder(path);
        await removeEmptyFolder(resolve(usualRunsFolder));
      }
    },
  };
}

/** Removes what an older run in this folder wrote, but for its model, which stays until there is another. */
export async function clearRun(paths: RunPaths): Promise<void> {
  for (const path of [...ownNames, "environment.json"].map((name) => join(paths.path, name))) {
    await rm(path, { recursive: true, force: true });
  }
}

/** What a run writes beside `model/`, and what is drawn of it there. */
const ownNames = [
  "config.json",
  "split.csv",
  "history.csv",
  "history.jsonl",
  "tensorboard",
  "checkpoints",
  "pictures",
  "inspect",
  "report.html",
  "predictions.csv",
  "predictions.jsonl",
  "README.md",
];

/** @throws {UnavailableError} the folder holds files that a run would write over, and that no run wrote. */
async function refuseOthersFiles(paths: RunPaths): Promise<void> {
  const other = ownNames.find((name) => existsSync(join(paths.path, name)));
  if (other === undefined || (await isOfRun(paths.environment))) return;
  throw new UnavailableError(`${paths.path} holds ${other}, which no run wrote`, "Choose another folder with --out.");
}

/** Takes a run's folder again, as it is. @throws {UnavailableError} another training has it. */
export async function takeRunAgain(path: string): Promise<RunFolder> {
  const folder = await takeOutputFolder(path);
  return { ...runPaths(path), release: () => folder.release(true) };
}
