import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { UsageError } from "../terminal/exit-codes.ts";
import { folderName, numbersOf, usualRunsFolder } from "./run-names.ts";

/**
 * The folder of a run that is to go on.
 *
 * @param resume a path, the name of a folder in `runs`, or "last": of that data, or, without any, of all
 * @param data what was typed beside it
 * @param folder where paths start from
 * @throws {UsageError} there is no such run.
 */
export async function findRun(resume: string, data: string | undefined, folder: string): Promise<string> {
  const runs = resolve(folder, usualRunsFolder);
  if (resume !== "last") {
    const found = [resolve(folder, resume), join(runs, resume)].find(isRun);
    if (found !== undefined) return found;
    throw new UsageError(`train: --resume must be the folder of a run, with its config.json, received "${resume}".`);
  }
  const found = data === undefined ? await newestRun(runs) : await ofData(runs, data);
  if (found !== undefined) return found;
  const what = data === undefined ? "no run" : `no run ${folderName(basename(data))}-1 or later`;
  throw new UsageError(`train: --resume finds ${what} in ${relative(folder, runs)}. Give the run's folder after it.`);
}

function isRun(path: string): boolean {
  return existsSync(join(path, "config.json"));
}

async function ofData(runs: string, data: string): Promise<string | undefined> {
  const stem = folderName(basename(data));
  const numbers = (await numbersOf(runs, stem)).toSorted((a, b) => b - a);
  return numbers.map((number) => join(runs, `${stem}-${number}`)).find(isRun);
}

/** The run in which something was written last. @param runs the folder that they lie in */
export async function newestRun(runs: string): Promise<string | undefined> {
  const names = await readdir(runs).catch(() => []);
  const found = await Promise.all(
    names
      .map((name) => join(runs, name))
      .filter(isRun)
      .map(async (path) => ({ path, time: await lastWritten(path) })),
  );
  return found.toSorted((one, other) => other.time - one.time)[0]?.path;
}

async function lastWritten(path: string): Promise<number> {
  const files = ["config.json", "history.jsonl", "checkpoints/last/backup.safetensors"];
  const times = files.map((name) =>
    stat(join(path, name)).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    ),
  );
  return Math.max(...(await Promise.all(times)));
}
