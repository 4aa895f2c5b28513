import { existsSync } from "node:fs";
import { join } from "node:path";
import { readFileIfAny } from "@featuremap/files";
import { InvalidConfigError, UnavailableError } from "@featuremap/tensor";
import { checkSameData } from "./same-data.ts";
import { withPlaces } from "./option-places.ts";
import { readConfig, readJson, refuseChanges } from "../../config/written-config.ts";
import type { TrainOptions } from "../train-types.ts";
import type { EpochRow } from "../../run/run-history.ts";
import { configOptions } from "./run-config.ts";
import { RunCheckpoints } from "../../run/run-checkpoints.ts";
import type { RunPaths } from "../../run/run-paths.ts";

/** Bytes of a run's files of text at most. */
const largest = 2 ** 28;

/** What may be another when a run goes on: none of it changes what an epoch would have been. */
const changeable: ReadonlySet<string> = new Set([
  "epochs",
  "time",
  "workers",
  "featureMemory",
  "device",
  "threads",
  "dataFolder",
  "tta",
  "saveEvery",
  "saveSteps",
  "report",
]);

/**
 * Sees to it that a run goes on as what it was.
 *
 * @throws {InvalidConfigError} an option is another than the run's, and the numbers would be too; or nothing is left to do.
 * @throws {UnavailableError} its pictures are no longer where they were.
 * @throws {FormatError} the run's config file is damaged.
 */
export async function checkResumed(paths: RunPaths, options: TrainOptions): Promise<void> {
  const config = await readConfig(paths.config, "train");
  checkSameData({ owner: "train", folder: paths.path, before: config["data"], now: options.data });
  if (options.dryRun === true) throw new InvalidConfigError("train", "--dry-run", "left out with --resume", true);
  if (options.out !== undefined) throw new InvalidConfigError("train", "--out", "left out with --resume", options.out);
  // A file is the same by whatever path it is told; older runs have some as they were typed.
  const [before, held] = await Promise.all([withPlaces(config, configOptions), withPlaces(options, configOptions)]);
  const change = { config: before, held: { ...held }, options: configOptions, changeable, file: paths.config };
  refuseChanges("train", change);
  // Where it was killed while the report was made, that is what is left to do.
  const isReported = options.report === false || existsSync(paths.report);
  if (isReported) await requireWork(paths, options.epochs ?? 1);
  if (options.epochs !== undefined) await requireBegunEpochs(paths, options.epochs);
}

/** @throws {InvalidConfigError} the run is asked for fewer epochs than it has begun. */
async function requireBegunEpochs({ path, last }: RunPaths, epochs: number): Promise<void> {
  // What cannot be read is told of where it is resumed from.
  const begun = await new RunCheckpoints(last, {}).begunEpochs().catch(() => 0);
  if (epochs >= begun) return;
  throw new InvalidConfigError("train", "--epochs", `${begun} or more, the epochs that ${path} has begun`, epochs);
}

/** @throws {InvalidConfigError} the run has come to its end, and is not asked for more. */
async function requireWork(paths: RunPaths, epochs: number): Promise<void> {
  const document = join(paths.model, "model.json");
  if (!existsSync(document)) return;
  const found: unknown = await readJson(document).catch(() => undefined);
  const provenance: unknown =
    typeof found === "object" && found !== null ? Reflect.get(found, "provenance") : undefined;
  const { stopped, epochs: done } = (provenance ?? {}) as { readonly stopped?: unknown; readonly epochs?: unknown };
  if (stopped !== false || typeof done !== "number" || epochs > done) return;
  throw new InvalidConfigError("train", "--epochs", `above ${done}, which ${paths.path} has done`, epochs);
}

/**
 * What becomes of a learning rate that follows from the number of epochs, where a run goes on for another number of them.
 *
 * @returns undefined where it stays as it was
 */
export async function noteOfRate(
  { config }: RunPaths,
  { epochs, schedule }: { readonly epochs: number; readonly schedule: string },
): Promise<string | undefined> {
  const before = (await readConfig(config, "train"))["epochs"];
  if (typeof before !== "number" || before === epochs || !followsEpochs.has(schedule)) return undefined;
  return `The learning rate follows ${schedule} over ${epochs} epochs now, but was planned for ${before}: it continues where it would be there, and the weights are not those of ${epochs} epochs in one run.`;
}

/** Schedules that end with the last epoch. */
const followsEpochs: ReadonlySet<string> = new Set(["cosine", "one-cycle"]);

/** Numbers of the epochs that a run has done. @throws {UnavailableError} the file is damaged. */
export async function readHistory(file: string): Promise<EpochRow[]> {
  const bytes = await readFileIfAny(file, { limit: largest });
  const lines = new TextDecoder()
    .decode(bytes ?? new Uint8Array())
    .split("\n")
    .filter((line) => line !== "");
  return lines.map((line, index) => {
    try {
      return JSON.parse(line) as EpochRow;
    } catch (cause) {
      const remedy = "Remove the file to continue without the results of earlier epochs.";
      throw new UnavailableError(`${file} is damaged: line ${index + 1} is not JSON`, remedy, { cause });
    }
  });
}
