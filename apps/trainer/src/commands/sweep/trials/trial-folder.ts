import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { readFileIfAny } from "@featuremap/files";
import { configOptions } from "../../../training/run/run-config.ts";
import { readConfig } from "../../../config/written-config.ts";
import { readHistory } from "../../../training/run/resumed-run.ts";
import { valueFromFile } from "../../../options/read-value.ts";
import type { EpochRow } from "../../../run/run-history.ts";
import { type RunPaths, runPaths } from "../../../run/run-paths.ts";
import type { TrainSettings } from "../../../training/train-types.ts";
import type { TrialScore } from "./trial-row.ts";

/** What the folder of a trial tells. */
export interface TrialRecord {
  /** Epochs that are done, in order. */
  readonly rows: readonly EpochRow[];
  /** What the saved model reaches; absent until the training has come to its end. */
  readonly final: TrialScore | undefined;
}

/** Bytes of a model's description at most. */
const largest = 2 ** 28;

/** Reads what a trial came to; of a folder that is not there, nothing. */
export async function readTrial(folder: string): Promise<TrialRecord> {
  const paths = runPaths(folder);
  const rows = await readHistory(paths.history);
  return { rows, final: await finalScore(paths, rows) };
}

/**
 * How good a trial was after so many epochs; undefined where it has not trained so long.
 *
 * @param epochs infinite for the end of the training, when its model is saved
 */
export function scoreAfter({ rows, final }: TrialRecord, epochs: number): TrialScore | undefined {
  if (final !== undefined && final.epochs <= epochs) return final;
  const done = rows.slice(0, epochs);
  const last = done.at(-1);
  return last === undefined || done.length < epochs ? undefined : scoreOf(done, last);
}

/** How good a trial is, however far it is; undefined before its first epoch is done. */
export function scoreSoFar(record: TrialRecord): TrialScore | undefined {
  return record.final ?? (record.rows.length === 0 ? undefined : scoreAfter(record, record.rows.length));
}

/** Whether training can go on there. */
export function canGoOn(folder: string): boolean {
  const { backup, previous } = runPaths(folder);
  return existsSync(backup) || existsSync(previous);
}

/** Removes what a training left that was killed before there was anything to go on from. */
export async function clearTrial(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** What the run of a trial was told, and what was decided for it. */
export async function readSettings(folder: string): Promise<TrainSettings> {
  const config = await readConfig(runPaths(folder).config, "train");
  return Object.fromEntries(
    Object.entries(configOptions).flatMap(([key, option]) =>
      config[key] === undefined ? [] : [[key, valueFromFile(option, config[key])]],
    ),
  );
}

async function finalScore({ model }: RunPaths, rows: readonly EpochRow[]): Promise<TrialScore | undefined> {
  const bytes = await readFileIfAny(join(model, "model.json"), { limit: largest });
  if (bytes === undefined) return undefined;
  const { metrics = {}, provenance = {} } = JSON.parse(new TextDecoder().decode(bytes)) as {
    readonly metrics?: Readonly<Record<string, number>>;
    readonly provenance?: { readonly stopped?: unknown };
  };
  const last = rows.at(-1);
  if (provenance.stopped !== false || last === undefined) return undefined;
  const { val_accuracy = Number.NaN, val_loss = Number.NaN } = metrics;
  return { ...scoreOf(rows, last), val_accuracy, val_loss };
}

function scoreOf(rows: readonly EpochRow[], last: EpochRow): TrialScore {
  const number = (name: string): number => (typeof last[name] === "number" ? last[name] : Number.NaN);
  return {
    epochs: rows.length,
    val_accuracy: number("val_accuracy"),
    val_loss: number("val_loss"),
    accuracy: number("accuracy"),
    loss: number("loss"),
    seconds: rows.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}
