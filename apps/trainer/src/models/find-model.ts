import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { UnavailableError, nearestName } from "@featuremap/tensor";
import { didYouMean } from "../options/names.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { shellWord } from "../terminal/shell-word.ts";
import { newestRun } from "../run/find-run.ts";
import { isOfRun } from "../run/run-environment.ts";
import { usualRunsFolder } from "../run/run-names.ts";
import { type RunPaths, runPaths } from "../run/run-paths.ts";

/** A saved model that somebody named, and the run that it is of. */
export interface NamedModel {
  /** What `readBundle` takes: a folder, a `model.json`, or an address. */
  readonly bundle: string;
  /** Absent for a model that no run here has made. */
  readonly run?: RunPaths;
  /** What was chosen, in a line for the user; absent where the name leaves no choice. */
  readonly note?: string;
}

/**
 * The saved model that somebody means: a bundle's folder, its `model.json` or an address; a run's folder; the name of a run
 * in `runs`; or "last", the newest run there.
 *
 * Of a run it is `model/`, which is there once training has ended, and until then the best epoch so far. A path counts more
 * than the name of a run; a folder that is called `last` is meant by `./last`.
 *
 * @param folder where paths start from
 * @throws {UnavailableError} the run has saved no model yet, or there is neither a path nor a run of that name.
 */
export async function findModel(named: string, folder: string = process.cwd()): Promise<NamedModel> {
  const found = await findModelIfAny(named, folder);
  if (found !== undefined) return found;
  throw await unknown(named, resolve(folder, usualRunsFolder));
}

/**
 * As {@link findModel}, but undefined where there is neither a path nor a run of that name.
 *
 * @throws {UnavailableError} the run has saved no model yet.
 */
export async function findModelIfAny(named: string, folder: string = process.cwd()): Promise<NamedModel | undefined> {
  if (isAddress(named)) return { bundle: named };
  const runs = resolve(folder, usualRunsFolder);
  if (named === lastWord) return modelOfLast(runs, folder);
  const places = [resolve(folder, named), join(runs, named)];
  for (const place of places) {
    const found = await modelAt(place, folder);
    if (found !== undefined) return found;
  }
  const run = await firstRun(places);
  if (run !== undefined) throw withoutModel(run, folder);
  const [path = named] = places;
  // The reader of bundles says what is wrong with a file or a folder that holds no model.
  return existsSync(path) || named !== basename(named) ? { bundle: path } : undefined;
}

const lastWord = "last";

/** Whether it is an address and no path. One letter and a colon are a drive of Windows. */
export function isAddress(named: string): boolean {
  return /^[a-z][a-z\d+.-]+:\/\//i.test(named);
}

async function modelOfLast(runs: string, folder: string): Promise<NamedModel> {
  const path = await newestRun(runs);
  if (path === undefined) {
    throw new UnavailableError(`There is no run in ${runs}`, "Train one, or name the folder of a model.");
  }
  const found = await modelAt(path, folder);
  if (found === undefined) throw withoutModel(path, folder);
  return { ...found, note: found.note ?? `The last run is ${shownPath(path, folder)}.` };
}

/** The model of a bundle or a run at that path, if there is one. */
async function modelAt(path: string, folder: string): Promise<NamedModel | undefined> {
  if (holdsModel(path)) return { bundle: path, ...(await runAround(path)) };
  const run = runPaths(path);
  if (holdsModel(run.model)) return { bundle: run.model, ...((await isRun(path)) ? { run } : {}) };
  if (!holdsModel(run.best) || !(await isRun(path))) return undefined;
  const note = `${shownPath(path, folder)} has no model/ yet: this is the best epoch so far, checkpoints/best.`;
  return { bundle: run.best, run, note };
}

function holdsModel(path: string): boolean {
  return existsSync(join(path, "model.json")) || (basename(path) === "model.json" && existsSync(path));
}

/** The run that a bundle lies in: `model/` or `checkpoints/best/` of it, or the file in one of these. */
async function runAround(bundle: string): Promise<{ readonly run?: RunPaths }> {
  const folder = basename(bundle) === "model.json" ? dirname(bundle) : bundle;
  for (const path of [dirname(folder), dirname(dirname(folder))]) {
    const run = runPaths(path);
    if ((folder === run.model || folder === run.best) && (await isRun(path))) return { run };
  }
  return {};
}

function isRun(path: string): Promise<boolean> {
  return isOfRun(runPaths(path).environment);
}

async function firstRun(places: readonly string[]): Promise<string | undefined> {
  for (const place of places) if (await isRun(place)) return place;
  return undefined;
}

function withoutModel(path: string, folder: string): UnavailableError {
  const shown = shownPath(path, folder);
  return new UnavailableError(
    `${shown} has no model yet: it is still running, or was stopped before its first epoch was saved`,
    `Wait, or resume it: featuremap train --resume ${shellWord(shown)}`,
  );
}

async function unknown(named: string, runs: string): Promise<UnavailableError> {
  const names = await readdir(runs).catch(() => []);
  const near = didYouMean(nearestName(named, names));
  return new UnavailableError(
    `There is no bundle at ${named}, and no run of that name in ${runs}${near}`,
    "Name the folder of a model or of a run.",
  );
}
