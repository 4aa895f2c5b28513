import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { removeEmptyFolder } from "@featuremap/files";
import { UnavailableError } from "@featuremap/tensor";
import { takeOutputFolder } from "../../output/output-folder.ts";
import { nextFolder } from "../../run/next-folder.ts";
import { usualRunsFolder } from "../../run/run-names.ts";
import { sweepPrefix } from "./find-sweep.ts";
import { trialName } from "./trials/run-trial.ts";
import { type SweepPaths, sweepPaths } from "./sweep-files.ts";

/** A folder that one sweep has for itself. */
export interface SweepFolder extends SweepPaths {
  /** Gives it free; where nothing was written it goes again. */
  release(): Promise<void>;
}

/**
 * Takes a folder for a sweep.
 *
 * @param resume the sweep that goes on
 * @param out the folder; without it the next number of `runs/sweep-<name>-<number>`
 * @throws {UnavailableError} it holds another sweep, or one is at work there, or the system refuses.
 */
export async function takeSweepFolder({
  resume,
  out,
  name,
}: {
  readonly resume: string | undefined;
  readonly out: string | undefined;
  readonly name: string;
}): Promise<SweepFolder> {
  const runs = resolve(usualRunsFolder);
  const given = resume ?? out;
  const path = given === undefined ? await nextFolder(runs, sweepPrefix + name) : resolve(given);
  const paths = sweepPaths(path);
  if (resume === undefined) refuseOthers(paths);
  const folder = await takeOutputFolder(path);
  return {
    ...paths,
    async release() {
      const isBegun = existsSync(paths.config);
      await folder.release(isBegun);
      if (isBegun || given !== undefined) return;
      await removeEmptyFolder(path);
      await removeEmptyFolder(runs);
    },
  };
}

function refuseOthers({ path, config, lines, table }: SweepPaths): void {
  const found = [config, lines, table, join(path, trialName(1))].find(existsSync);
  if (found === undefined) return;
  const remedy = `Go on with it by --resume ${path}, or choose another folder with --out.`;
  throw new UnavailableError(`${path} holds a sweep already`, remedy);
}
