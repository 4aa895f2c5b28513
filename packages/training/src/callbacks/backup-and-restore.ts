import { readFileIfAny, removeFile, writeWholeFile } from "#files";
import { decodeSafetensors, encodeSafetensors } from "@featuremap/formats";
import type { Model } from "@featuremap/layers";
import { FormatError, HostArray, type OptionNames, checkOptions } from "@featuremap/tensor";
import type { Variable } from "@tensorflow/tfjs-core";
import type { History } from "../history.ts";
import type { Logs } from "../loop/totals.ts";
import { Callback, type TrainingRun } from "./callback.ts";
import { weightsOf } from "./model-checkpoint.ts";

export interface BackupAndRestoreConfig {
  /** Folder for the backup, of this training alone; it is made if missing. */
  readonly backupDir: string;
  /** Whether the backup goes when training has ended. Default: true. */
  readonly deleteCheckpoint?: boolean;
}

const options: OptionNames<BackupAndRestoreConfig> = { backupDir: true, deleteCheckpoint: true };

/** Holds the numbers of a backup beside weights and slots; no weight has it as its path. */
const countersName = "counters";

/**
 * Goes on where a training that was interrupted ended: after every epoch, weights, the optimizer's memory and the
 * epoch's number are saved; the next `fit` with this callback begins with them, after the last epoch saved.
 *
 * Shuffled data go on in the same order if they have a seed; random layers such as dropout begin their masks anew.
 * Where the signal ended training, the backup stays. Needs files, which Node has and a page has not.
 * Source: Keras 3 `BackupAndRestore`, without backups every so many batches.
 */
export class BackupAndRestore extends Callback {
  readonly backupDir: string;
  readonly deleteCheckpoint: boolean;

  /** @throws {InvalidConfigError} an option is unknown. */
  constructor(config: BackupAndRestoreConfig) {
    checkOptions("BackupAndRestore", config, options);
    super();
    this.backupDir = config.backupDir;
    this.deleteCheckpoint = config.deleteCheckpoint ?? true;
  }

  get #path(): string {
    return `${this.backupDir}/backup.safetensors`;
  }

  /**
   * @throws {FormatError} the backup is damaged, or of another model.
   * @throws {UnavailableError} it cannot be read.
   */
  override async onTrainBegin(run: TrainingRun): Promise<void> {
    const bytes = await readFileIfAny(this.#path);
    if (bytes === undefined) return;
    const saved = decodeSafetensors(bytes, this.#path);
    const [epochs = 0, batches = 0, learningRate = Number.NaN] = countersOf(saved, this.#path);
    const weights = run.model.namedWeights();
    const values = [...weights].map(([path, weight]) => {
      const value = saved.get(`model/${path}`);
      if (value === undefined) throw new FormatError(this.#path, `weight ${path}`, "in the backup", "nothing");
      weight.check(value);
      return { weight, value };
    });
    for (const { weight, value } of values) weight.assign(value);
    const slots = new Map([...saved].filter(([name]) => name.startsWith("optimizer/")).map(cutFirst));
    const state = { batches, slots, ...(Number.isNaN(learningRate) ? {} : { learningRate }) };
    run.optimizer.restoreState(trainable(run.model), state);
    run.resumeAt(epochs);
  }

  /** @throws {UnavailableError} the folder cannot be written. */
  override async onEpochEnd(epoch: number, _logs: Logs, { model, optimizer }: TrainingRun): Promise<void> {
    const { batches, slots, learningRate = Number.NaN } = await optimizer.readState(trainable(model));
    // The bits of float64 numbers: the format has no such type here.
    const counters = new Int32Array(Float64Array.of(epoch + 1, batches, learningRate).buffer);
    const contents = new Map<string, HostArray>([[countersName, new HostArray(counters, [counters.length])]]);
    for (const [path, value] of await weightsOf(model)) contents.set(`model/${path}`, value);
    for (const [name, value] of slots) contents.set(`optimizer/${name}`, value);
    await writeWholeFile(this.#path, encodeSafetensors(contents));
  }

  override async onTrainEnd({ stopped }: History): Promise<void> {
    if (this.deleteCheckpoint && stopped !== "aborted") await removeFile(this.#path);
  }
}

function countersOf(saved: ReadonlyMap<string, HostArray>, source: string): Float64Array {
  const counters = saved.get(countersName);
  if (!(counters?.data instanceof Int32Array) || counters.size !== 6) {
    throw new FormatError(source, "counters", "6 integers", counters === undefined ? "nothing" : `${counters.size}`);
  }
  return new Float64Array(Int32Array.from(counters.data).buffer);
}

function cutFirst([name, value]: readonly [string, HostArray]): [string, HostArray] {
  return [name.slice(name.indexOf("/") + 1), value];
}

/** The variables that an optimizer moves, by path. */
function trainable(model: Model): ReadonlyMap<string, Variable> {
  const moved = new Set(model.trainableWeights);
  return new Map(
    [...model.namedWeights()].filter(([, weight]) => moved.has(weight)).map(([path, { variable }]) => [path, variable]),
  );
}
