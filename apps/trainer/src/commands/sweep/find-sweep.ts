import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { UsageError } from "../../terminal/exit-codes.ts";
import { folderName, numbersOf, usualRunsFolder } from "../../run/run-names.ts";

/** A config file by which the same sweep begins or goes on; it is none by which a training does. */
export const sweepConfigName = "sweep.json";

/** What the folders of sweeps are called, before the data's name and a number. */
export const sweepPrefix = "sweep-";

/**
 * The folder of a sweep that is to go on.
 *
 * @param resume a path, the name of a folder in `runs`, or "last": of that data, or, without any, of all
 * @param data what was typed beside it
 * @param folder where paths start from
 * @throws {UsageError} there is no such sweep.
 */
export async function findSweep(resume: string, data: string | undefined, folder: string): Promise<string> {
  const runs = resolve(folder, usualRunsFolder);
  if (resume !== "last") {
    const found = [resolve(folder, resume), join(runs, resume)].find(isSweep);
    if (found !== undefined) return found;
    const expected = `the folder of a sweep, with its ${sweepConfigName}`;
    throw new UsageError(`sweep: --resume must be ${expected}, received "${resume}".`);
  }
  const stem = data === undefined ? undefined : sweepPrefix + folderName(basename(data));
  const found = stem === undefined ? await newestSweep(runs) : await highestSweep(runs, stem);
  if (found !== undefined) return found;
  const what = stem === undefined ? "no sweep" : `no sweep ${stem}-1 or later`;
  throw new UsageError(`sweep: --resume finds ${what} in ${relative(folder, runs)}. Give the sweep's folder after it.`);
}

function isSweep(path: string): boolean {
  return existsSync(join(path, sweepConfigName));
}

async function highestSweep(runs: string, stem: string): Promise<string | undefined> {
  const numbers = (await numbersOf(runs, stem)).toSorted((a, b) => b - a);
  return numbers.map((number) => join(runs, `${stem}-${number}`)).find(isSweep);
}

/** The sweep in which something was written last. */
async function newestSweep(runs: string): Promise<string | undefined> {
  const paths = (await readdir(runs).catch(() => [])).map((name) => join(runs, name)).filter(isSweep);
  const found = await Promise.all(
    paths.map(async (path) => ({
      path,
      time: await lastWritten([join(path, sweepConfigName), join(path, "sweep.jsonl")]),
    })),
  );
  return found.toSorted((one, other) => other.time - one.time)[0]?.path;
}

async function lastWritten(files: readonly string[]): Promise<number> {
  const times = files.map((file) =>
    stat(file).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    ),
  );
  return Math.max(...(await Promise.all(times)));
}
