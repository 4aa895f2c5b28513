import { writeWholeFile } from "#files";
import { type SaveBundleOptions, encodeSafetensors, saveBundle } from "@featuremap/formats";
import type { Model } from "@featuremap/layers";
import { type HostArray, InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import type { Logs } from "../loop/totals.ts";
import { Callback, type TrainingRun } from "./callback.ts";
import { checkpointPath } from "./checkpoint-path.ts";
import { Monitor, type MonitorMode } from "./monitor.ts";

export interface ModelCheckpointConfig {
  /**
   * Where to save: the folder of a bundle, or with `saveWeightsOnly` a safetensors file. `{epoch:02d}` in it stands for
   * the epoch's number from 1, `{val_loss:.3f}` for a number of its logs.
   */
  readonly filepath: string;
  /** What a bundle holds beside the model. Needed unless `saveWeightsOnly`. */
  readonly bundle?: SaveBundleOptions;
  /** Which number of the logs tells the best epoch. Default: `val_loss`. */
  readonly monitor?: string;
  /** Whether to save only when that number is better than ever before. Default: false. */
  readonly saveBestOnly?: boolean;
  /** Whether to save weights alone. Default: false. */
  readonly saveWeightsOnly?: boolean;
  /** Whether better is less or more; `auto` knows for losses and metrics. Default: `auto`. */
  readonly mode?: MonitorMode;
  /** Value that the first save must beat, with `saveBestOnly`. Default: none. */
  readonly initialValueThreshold?: number;
}

const options: OptionNames<ModelCheckpointConfig> = {
  filepath: true,
  bundle: true,
  monitor: true,
  saveBestOnly: true,
  saveWeightsOnly: true,
  mode: true,
  initialValueThreshold: true,
};

/**
 * Saves the model after every epoch, or after every one that is the best so far.
 *
 * Saved are a bundle of `@featuremap/formats`, which `loadBundle` reads, or the weights by their paths, which
 * `decodeSafetensors` reads. Needs files, which Node has and a page has not.
 * Source: Keras 3 `ModelCheckpoint`, without saves every so many batches.
 */
export class ModelCheckpoint extends Callback {
  readonly filepath: string;
  readonly monitor: string;
  readonly saveBestOnly: boolean;
  readonly saveWeightsOnly: boolean;
  readonly #bundle: SaveBundleOptions | undefined;
  readonly #watched: Monitor;
  #best: number | undefined;

  /** @throws {InvalidConfigError} an option is unknown, or there is nothing to put into bundles. */
  constructor(config: ModelCheckpointConfig) {
    checkOptions("ModelCheckpoint", config, options);
    super();
    this.filepath = config.filepath;
    if (typeof config.filepath !== "string" || config.filepath === "") {
      throw new InvalidConfigError("ModelCheckpoint", "filepath", "a path", config.filepath);
    }
    this.monitor = config.monitor ?? "val_loss";
    this.saveBestOnly = config.saveBestOnly ?? false;
    this.saveWeightsOnly = config.saveWeightsOnly ?? false;
    this.#bundle = config.bundle;
    if (!this.saveWeightsOnly && this.#bundle === undefined) {
      const expected = "preprocessing and labels, unless saveWeightsOnly is true";
      throw new InvalidConfigError("ModelCheckpoint", "bundle", expected, config.bundle);
    }
    this.#watched = new Monitor("ModelCheckpoint", this.monitor, config.mode ?? "auto", 0);
    this.#best = config.initialValueThreshold;
  }

  /** The best value so far, with `saveBestOnly`. */
  get best(): number | undefined {
    return this.#best;
  }

  /** @throws {InvalidConfigError} only the best shall be saved, and the logs will not hold `monitor`. */
  override onTrainBegin(run: TrainingRun): void {
    if (this.saveBestOnly) this.#watched.check(run);
  }

  /** @throws {UnavailableError} the place cannot be written. */
  override async onEpochEnd(epoch: number, logs: Logs, run: TrainingRun): Promise<void> {
    if (this.saveBestOnly) {
      const current = logs[this.monitor];
      if (current === undefined || !this.#watched.isBetter(current, this.#best, run)) return;
      this.#best = current;
    }
    const path = checkpointPath(this.filepath, epoch, logs);
    if (this.saveWeightsOnly) await writeWholeFile(path, encodeSafetensors(await weightsOf(run.model)));
    else if (this.#bundle) await saveBundle(run.model, path, { ...this.#bundle, metrics: finite(logs) });
  }
}

/** A copy of every weight by its path in the model. */
export async function weightsOf(model: Model): Promise<Map<string, HostArray>> {
  const values = new Map<string, HostArray>();
  for (const [path, weight] of model.namedWeights()) values.set(path, await weight.read());
  return values;
}

function finite(logs: Logs): Record<string, number> {
  return Object.fromEntries(Object.entries(logs).filter(([, value]) => Number.isFinite(value)));
}
