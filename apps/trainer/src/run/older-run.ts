import { existsSync } from "node:fs";
import { cp, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { reasonOf } from "@featuremap/files";
import { UnavailableError } from "@featuremap/tensor";
import { nextFolder } from "./next-folder.ts";
import type { RunPaths } from "./run-paths.ts";

/** What a run writes beside `model/`, and what is drawn of it there. */
export const runEntries = [
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
] as const;

/** Says that the folder is a run's; it goes last and comes first, so that the rest is known as one until then. */
const environment = "environment.json";

/** An older run that made room for a new one. */
export interface OlderRun {
  /** Where it is now. */
  readonly path: string;
  /** Puts it back. */
  restore(): Promise<void>;
}

/**
 * Makes room for a new run in the folder of an older one, with all that is of that: it goes to the next number of
 * `<folder>-before-<number>`. Its model stays too until there is another. What came to nothing is removed.
 *
 * @returns undefined where there was nothing to keep
 * @throws {UnavailableError} the system refuses; everything is where it was.
 */
export async function makeRoom(paths: RunPaths): Promise<OlderRun | undefined> {
  const names = (await readdir(paths.path)).filter(isOfRun);
  const own = [...names, ...(existsSync(join(paths.path, environment)) ? [environment] : [])];
  const isKept = [join(paths.model, "model.json"), paths.backup, paths.previous, paths.report].some(existsSync);
  if (!isKept) {
    for (const name of own) await rm(join(paths.path, name), { recursive: true, force: true });
    return undefined;
  }
  const path = await nextFolder(dirname(paths.path), `${basename(paths.path)}-before`);
  const moved: string[] = [];
  const restore = async (): Promise<void> => {
    for (const name of moved.toReversed()) {
      await rm(join(paths.path, name), { recursive: true, force: true });
      await rename(join(path, name), join(paths.path, name));
    }
    await rm(path, { recursive: true });
  };
  try {
    if (existsSync(paths.model)) await cp(paths.model, join(path, basename(paths.model)), { recursive: true });
    for (const name of own) {
      await rename(join(paths.path, name), join(path, name));
      moved.push(name);
    }
  } catch (cause) {
    await restore();
    const what = `Cannot move the run that is in ${paths.path} to ${path} (${reasonOf(cause)})`;
    throw new UnavailableError(what, "Choose another folder with --out.", { cause });
  }
  return { path, restore };
}

function isOfRun(name: string): boolean {
  return runEntries.some((each) => each === name) || /^evaluation-\d+$/.test(name);
}
