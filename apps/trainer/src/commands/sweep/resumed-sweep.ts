import { InvalidConfigError } from "@featuremap/tensor";
import { checkSameData } from "../../training/run/same-data.ts";
import type { Options } from "../../options/option.ts";
import { deviceOptions } from "../../options/shared.ts";
import { sweepOptions } from "../../options/commands/sweep.ts";
import { readConfig, refuseChanges } from "../../config/written-config.ts";
import { sweepPaths } from "./sweep-files.ts";

const { out: _, resume: __, dryRun: ___, ...rest }: Options = { ...sweepOptions, ...deviceOptions };

/** What a sweep's config file holds. */
export const sweepConfigOptions: Options = rest;

/** What may be another when a sweep goes on: none of it changes what a trial would have been. */
const changeable = ["time", "workers", "device", "threads", "dataFolder", "saveEvery", "saveSteps"];

/**
 * Sees to it that a sweep goes on as what it was; one that does not halve may have more trials.
 *
 * @param folder of the sweep
 * @throws {InvalidConfigError} an option is another than the sweep's.
 * @throws {UnavailableError} its pictures are no longer where they were.
 * @throws {FormatError} its config file is damaged.
 */
export async function checkSweepResumed(
  folder: string,
  options: Readonly<Record<string, unknown>> & { readonly data: string; readonly out?: string | undefined },
): Promise<void> {
  const file = sweepPaths(folder).config;
  const config = await readConfig(file, "sweep");
  checkSameData({ owner: "sweep", folder, before: config["data"], now: options.data });
  if (options.out !== undefined) throw new InvalidConfigError("sweep", "--out", "left out with --resume", options.out);
  const isLonger = config["method"] !== "halving" && Number(options["trials"]) > Number(config["trials"]);
  const free = new Set(isLonger ? [...changeable, "trials"] : changeable);
  refuseChanges("sweep", { config, held: options, options: sweepConfigOptions, changeable: free, file });
}
