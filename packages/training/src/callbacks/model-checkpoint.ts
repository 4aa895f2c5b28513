import {
  type SaveBundleOptions,
  checkFit,
  classifiesPictures,
  knownBundle,
  saveBundle,
  saveModel,
  saveWeights,
} from "@featuremap/formats";
import { InvalidConfigError, Option } from "@featuremap/tensor";
import type { PlainOptions } from "../config/configured.ts";
import { settleConfig } from "../config/settle-config.ts";
import type { Logs } from "../run/logs.ts";
import { Callback, type TrainingRun } from "../run/callback.ts";
import type { CallbackState } from "../run/callback-state.ts";
import { anything, callOption } from "../config/call-option.ts";
import { anyNumberOption } from "../config/kinds.ts";
import { modeOption, monitorOption, pathOption, saveFreqOption, verboseOption } from "./callback-options.ts";
import { checkNumbersOf, checkpointPath } from "./checkpoint-path.ts";
import { EveryBatches, type SaveFrequency } from "../run/every-batches.ts";
import { Monitor, type MonitorMode } from "../run/monitor.ts";
import { say, warn } from "../run/say.ts";

/** Endings of files with models that other programs open. */
const otherFile = /\.(keras|h5|hdf5|onnx|pt|pth)$/i;

const unknownPictures =
  "ModelCheckpoint: the data do not tell how pictures become the model's input. Only the model is saved, which loadModel " +
  "reads; for a bundle, which loadBundle and loadClassifier read, give it bundle: { preprocessing, labels }.";

export interface ModelCheckpointConfig {
  /**
   * Where to save: the folder of a model, or with `saveWeightsOnly` a safetensors file; or, with Keras's endings, a
   * `.keras` or a `.weights.h5` file for Keras. `{epoch:02d}` in it stands for the epoch's number from 1, `{val_loss:.3f}`
   * for a number of its logs.
   */
  readonly filepath: string;
  /**
   * What a bundle holds beside the model, for classifiers of pictures. Default: what a data set or its batches say; of
   * arrays, whether their numbers are pixels from 0 to 255 or such pixels divided by 255, and classes called 0, 1 and so
   * on. Where neither tells, the model is saved alone, with a warning; other models always are.
   */
  readonly bundle?: SaveBundleOptions | null;
  /** The number of the logs that tells which epoch is best. Default: `val_loss`. */
  readonly monitor?: string;
  /** Whether to save only when that number is the best so far. Default: false. */
  readonly saveBestOnly?: boolean;
  /** Whether to save only the weights. Default: false. */
  readonly saveWeightsOnly?: boolean;
  /** Whether better is less or more; `auto` knows for losses and metrics. Default: `auto`. */
  readonly mode?: MonitorMode;
  /** Value that the first save must beat, with `saveBestOnly`. Default: none. */
  readonly initialValueThreshold?: number | null;
  /**
   * When to save: after each epoch, or after every given number of batches, whose logs are those of the epoch so far,
   * without a validation. `{batch}` in the path then stands for the batch's number in its epoch, from 1. Default: `epoch`.
   */
  readonly saveFreq?: SaveFrequency;
  /** 1 reports on the console what is saved, or why nothing is. Default: 0. */
  readonly verbose?: 0 | 1;
}

/**
 * Saves the model after every epoch or every given number of batches, or only when it is the best so far.
 *
 * It saves models of `@featuremap/formats`, which `loadModel` reads: classifiers of pictures as bundles, which `loadBundle`
 * reads too. Or it saves the weights by their paths, which `loadWeights(model, file)` reads. A path with one of Keras's endings
 * gets the file that Keras opens, with the weights and without the optimizer. Needs files, so it works in Node but not in a page.
 * Source: Keras 3 `ModelCheckpoint`.
 * @differs unless `filepath` ends in `.keras` or `.weights.h5`, saves folders, which are bundles if the model classifies
 * pictures, or weights as safetensors; never the optimizer, which `BackupAndRestore` keeps; with `saveBestOnly`, an unknown `monitor` is an error, not a warning
 */
export class ModelCheckpoint extends Callback {
  static override readonly className: string = "ModelCheckpoint";
  static readonly options: PlainOptions<ModelCheckpointConfig> = {
    filepath: pathOption(),
    monitor: monitorOption,
    verbose: verboseOption,
    saveBestOnly: Option.flag().default(false),
    saveWeightsOnly: Option.flag().default(false),
    mode: modeOption,
    saveFreq: saveFreqOption,
    initialValueThreshold: anyNumberOption().orNull(),
    bundle: callOption(anything<SaveBundleOptions | null>(), null),
  };
  readonly filepath: string;
  readonly monitor: string;
  readonly saveBestOnly: boolean;
  readonly saveWeightsOnly: boolean;
  readonly #bundle: SaveBundleOptions | undefined;
  /** Whether files of Keras are saved. */
  readonly #forKeras: boolean;
  readonly verbose: number;
  readonly #watched: Monitor;
  readonly #frequency: EveryBatches;
  #epoch = 0;
  #saved: SaveBundleOptions | "model" | undefined;
  #best: number | undefined;

  /** @throws {InvalidConfigError} an option is unknown, or not what it may be. */
  constructor(config: ModelCheckpointConfig) {
    super();
    const { mode, saveFreq, initialValueThreshold, bundle, ...settled } = settleConfig(ModelCheckpoint, config);
    ({ filepath: this.filepath, monitor: this.monitor, verbose: this.verbose } = settled);
    ({ saveBestOnly: this.saveBestOnly, saveWeightsOnly: this.saveWeightsOnly } = settled);
    this.#bundle = bundle ?? undefined;
    this.#forKeras = this.#endsForKeras();
    this.#watched = new Monitor("ModelCheckpoint", this.monitor, mode, 0);
    this.#best = initialValueThreshold ?? undefined;
    this.#frequency = new EveryBatches(saveFreq);
    // Hearing of batches costs time, so only a callback that saves after some does.
    if (this.#frequency.frequency !== "epoch") {
      this.onTrainBatchEnd = async (batch, logs, run) => {
        if (this.#frequency.count()) await this.#save(this.#epoch, logs, run, batch);
      };
    }
  }

  get saveFreq(): SaveFrequency {
    return this.#frequency.frequency;
  }

  /** The best value so far, with `saveBestOnly`. */
  get best(): number | undefined {
    return this.#best;
  }

  /**
   * @throws {InvalidConfigError} only the best is to be saved, and the logs will not hold `monitor`; the path needs numbers
   * of a validation that will not take place; or the model does not fit its bundle.
   */
  override onTrainBegin(run: TrainingRun): void {
    this.#saved = undefined;
    if (!this.saveWeightsOnly && !this.#forKeras && run.model.built) this.#whatToSave(run);
    checkNumbersOf(this.filepath, run.logs);
    if (!this.saveBestOnly) return;
    this.#watched.check(run);
    if (this.saveFreq === "epoch" || !this.monitor.startsWith("val_")) return;
    const expected = "a number that exists after a batch, unless saveFreq is epoch";
    throw new InvalidConfigError("ModelCheckpoint", "monitor", expected, this.monitor);
  }

  override onEpochBegin(epoch: number): void {
    this.#epoch = epoch;
  }

  override readsBatchLogs(): boolean {
    return this.#frequency.nextIsDue;
  }

  /** @throws {UnavailableError} the place cannot be written. */
  override async onEpochEnd(epoch: number, logs: Logs, run: TrainingRun): Promise<void> {
    if (this.saveFreq === "epoch") await this.#save(epoch, logs, run);
  }

  override saveState(): CallbackState {
    const best = this.#best === undefined ? {} : { best: this.#best };
    return { values: { since: this.#frequency.since, ...best } };
  }

  override restoreState({ values }: CallbackState): void {
    this.#best = values["best"];
    this.#frequency.since = values["since"] ?? 0;
  }

  async #save(epoch: number, logs: Logs, run: TrainingRun, batch?: number): Promise<void> {
    const path = checkpointPath(this.filepath, epoch, logs, batch);
    if (this.saveBestOnly) {
      const current = this.#watched.valueIn(logs);
      if (current === undefined) return;
      const [than, now] = [this.#best?.toFixed(5) ?? "none", current.toFixed(5)];
      const isBetter = this.#watched.isBetter(current, this.#best, run);
      if (this.verbose > 0) {
        const change = isBetter
          ? `improved from ${than} to ${now}, saving model to ${path}`
          : `did not improve from ${than}`;
        say(`Epoch ${epoch + 1}: ${this.monitor} ${change}`);
      }
      if (!isBetter) return;
      this.#best = current;
    } else if (this.verbose > 0) say(`Epoch ${epoch + 1}: saving model to ${path}`);
    if (this.#forKeras) {
      const { saveKeras, saveKerasWeights } = await import("@featuremap/formats/keras");
      return this.saveWeightsOnly ? saveKerasWeights(run.model, path) : saveKeras(run.model, path);
    }
    if (this.saveWeightsOnly) return saveWeights(run.model, path);
    const [bundle, metrics] = [this.#whatToSave(run), finite(logs)];
    if (bundle === "model") await saveModel(run.model, path, { metrics });
    else await saveBundle(run.model, path, { ...bundle, metrics });
  }

  /** @throws {InvalidConfigError} the path ends like a file that is not written. */
  #endsForKeras(): boolean {
    const [ending, own] = this.saveWeightsOnly ? [".weights.h5", "safetensors file"] : [".keras", "folder"];
    if (!this.filepath.endsWith(ending)) {
      if (!otherFile.test(this.filepath)) return false;
      const expected = `the path of a ${own}, or of a ${ending} file for Keras`;
      throw new InvalidConfigError("ModelCheckpoint", "filepath", expected, this.filepath);
    }
    if (this.#bundle === undefined) return true;
    throw new InvalidConfigError(
      "ModelCheckpoint",
      "bundle",
      `none, as a ${ending} file has no place for it`,
      this.#bundle,
    );
  }

  /** What a bundle holds beside the model, or that only the model is saved. @throws {InvalidConfigError} they do not fit. */
  #whatToSave({ model, pictures }: TrainingRun): SaveBundleOptions | "model" {
    if (this.#saved !== undefined) return this.#saved;
    const owner = "ModelCheckpoint";
    const bundle = this.#bundle ?? knownBundle(model, pictures, owner);
    if (bundle !== undefined) checkFit({ model, ...bundle }, owner);
    else if (classifiesPictures(model)) warn(unknownPictures);
    this.#saved = bundle ?? "model";
    return this.#saved;
  }
}

function finite(logs: Logs): Record<string, number> {
  return Object.fromEntries(Object.entries(logs).filter(([, value]) => Number.isFinite(value)));
}
