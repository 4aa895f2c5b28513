import { existsSync } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { removeEmptyFolder } from "@featuremap/files";
import { UnavailableError } from "@featuremap/tensor";
import { checkBundleTarget } from "../output/bundle-target.ts";
import { takeOutputFolder } from "../output/output-folder.ts";
import { nextFolder } from "./next-folder.ts";
import { type OlderRun, makeRoom, runEntries } from "./older-run.ts";
import { isOfRun } from "./run-environment.ts";
import { usualRunsFolder } from "./run-names.ts";
import { type RunPaths, runPaths } from "./run-paths.ts";

/** A folder that one training has for itself. */
export interface RunFolder extends RunPaths {
  /**
   * Makes room for the new run, with which an older one goes to a folder of its own; that comes back where nothing of the new
   * one can be gone on from.
   *
   * @returns where the older one is now; undefined where there was none
   */
  begin(): Promise<string | undefined>;
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
  const modelBefore = await writtenAt(paths.model);
  let older: OlderRun | undefined;
  return {
    ...paths,
    async begin() {
      older = await makeRoom(paths);
      return older?.path;
    },
    async release() {
      const isKept = existsSync(paths.backup) || (await writtenAt(paths.model)) !== modelBefore;
      if (!isKept) {
        const made = (await readdir(path)).filter((entry) => !before.has(entry) && !entry.startsWith("."));
        for (const entry of made) await rm(join(path, entry), { recursive: true, force: true });
        await older?.restore();
      }
      await folder.release(isKept || older !== undefined);
      if (!isKept && out === undefined) {
        await removeEmptyFolder(path);
        await removeEmptyFolder(resolve(usualRunsFolder));
      }
    },
  };
}

/** @throws {UnavailableError} the folder holds files that a run would write over, and that no run wrote. */
async function refuseOthersFiles(paths: RunPaths): Promise<void> {
  const other = runEntries.find((name) => existsSync(join(paths.path, name)));
  if (other === undefined || (await isOfRun(paths.environment))) return;
  throw new UnavailableError(`${paths.path} holds ${other}, which no run wrote`, "Choose another folder with --out.");
}

/** Takes a run's folder again, as it is. @throws {UnavailableError} another training has it. */
export async function takeRunAgain(path: string): Promise<RunFolder> {
  const folder = await takeOutputFolder(path);
  return { ...runPaths(path), begin: () => Promise.resolve(undefined), release: () => folder.release(true) };
}

/** When a bundle was saved; undefined where there is none. */
async function writtenAt(bundle: string): Promise<number | undefined> {
  return stat(join(bundle, "model.json")).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}
