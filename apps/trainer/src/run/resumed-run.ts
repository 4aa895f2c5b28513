import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { readFileIfAny } from "@featuremap/files";
import { FormatError, InvalidConfigError } from "@featuremap/tensor";
import { flagName } from "../options/names.ts";
import { textOfValue, valueFromFile } from "../options/read-value.ts";
import type { TrainOptions } from "../training/train-types.ts";
import type { EpochRow } from "./run-history.ts";
import { configOptions } from "./run-config.ts";
import type { RunPaths } from "./run-paths.ts";

/** Bytes of a run's files of text at most. */
const largest = 2 ** 28;

/** What may be another when a run goes on: none of it changes what an epoch would have been. */
const changeable: ReadonlySet<string> = new Set([
  "epochs",
  "time",
  "workers",
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
 * @throws {FormatError} the run's config file is damaged.
 */
export async function checkResumed(paths: RunPaths, options: TrainOptions): Promise<void> {
  const config = await readRunConfig(paths.config);
  const data = config["data"];
  if (typeof data === "string" && data !== options.data && data !== resolve(options.data)) {
    throw new InvalidConfigError("train", "data", `${data}, as in ${paths.path}, or left out`, options.data);
  }
  if (options.dryRun === true) throw new InvalidConfigError("train", "--dry-run", "left out with --resume", true);
  if (options.out !== undefined) throw new InvalidConfigError("train", "--out", "left out with --resume", options.out);
  const held: Readonly<Record<string, unknown>> = { ...options };
  for (const [key, option] of Object.entries(configOptions)) {
    if (changeable.has(key)) continue;
    const before = config[key] === undefined ? undefined : valueFromFile(option, config[key]);
    const now = key === "model" ? modelLike(held[key], before) : held[key];
    const isDefault = before === undefined && now === option.default;
    if (isDefault || JSON.stringify(before) === JSON.stringify(now)) continue;
    const then = before === undefined ? "left out" : textOfValue(option, before);
    const expected = `${then}, as in ${paths.path}; for a new run give --config ${join(paths.path, "config.json")}`;
    throw new InvalidConfigError(
      "train",
      `--${flagName(key)}`,
      expected,
      now === undefined ? now : textOfValue(option, now),
    );
  }
  // Where it was killed while the report was made, that is what is left to do.
  const isReported = options.report === false || existsSync(paths.report);
  if (isReported) await requireWork(paths, options.epochs ?? 1);
}

/** A saved model is the same by whatever path it is told. */
function modelLike(model: unknown, before: unknown): unknown {
  return typeof model === "string" && resolve(model) === before ? before : model;
}

/** What a run's config file says of its training. @throws {FormatError} it is damaged. */
export async function readRunConfig(file: string): Promise<Readonly<Record<string, unknown>>> {
  const found: unknown = await readJson(file);
  const train: unknown = typeof found === "object" && found !== null ? Reflect.get(found, "train") : undefined;
  if (typeof train === "object" && train !== null) return train as Record<string, unknown>;
  throw new FormatError(file, "train", "an object of options", String(train));
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

async function readJson(file: string): Promise<unknown> {
  const bytes = await readFileIfAny(file, { limit: largest });
  if (bytes === undefined) throw new FormatError(file, "the file", "there", "nothing");
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new FormatError(file, "the file", "JSON", cause instanceof Error ? cause.message : String(cause));
  }
}

/** Numbers of the epochs that a run has done. */
export async function readHistory(file: string): Promise<EpochRow[]> {
  const bytes = await readFileIfAny(file, { limit: largest });
  const lines = new TextDecoder()
    .decode(bytes ?? new Uint8Array())
    .split("\n")
    .filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as EpochRow);
}
