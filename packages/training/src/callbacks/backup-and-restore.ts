import { readFileIfAny, removeEmptyFolder, removeFile, writeWholeFile } from "#files";
import { FormatError, InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import type { History } from "../history.ts";
import { encodeBackup, restoreBackup } from "./backup-file.ts";
import { Callback, type TrainingRun } from "./callback.ts";
import type { CallbackState } from "./callback-state.ts";
import { EveryBatches, type SaveFrequency } from "./every-batches.ts";

export interface BackupAndRestoreConfig {
  /** Folder for the backup, of this training alone; it is made if missing. */
  readonly backupDir: string;
  /** When to save: after each epoch, or after every so many batches. Default: `epoch`. */
  readonly saveFreq?: SaveFrequency;
  /** Whether the backup before the last one is kept too, for when the last cannot be read. Default: false. */
  readonly doubleCheckpoint?: boolean;
  /** Whether the backup goes when training has ended, with its folder unless that holds something else. Default: true. */
  readonly deleteCheckpoint?: boolean;
}

const options: OptionNames<BackupAndRestoreConfig> = {
  backupDir: true,
  saveFreq: true,
  doubleCheckpoint: true,
  deleteCheckpoint: true,
};

/**
 * Goes on where a training that was interrupted ended, and gives the numbers that it would have given: the next `fit`
 * with this callback begins after the last backup, within an epoch if it was made there.
 *
 * Saved are weights, the optimizer's memory, the epoch, the batch and the sums of its logs, the random streams of
 * layers, the seed that orders arrays, and what the other callbacks remember. Batches of other sources must come with
 * the same seed again. Where the signal ended training, a backup of that very step is made and stays.
 * Needs files, which Node has and a page has not.
 * Source: Keras 3 `BackupAndRestore`, which goes on with weights, optimizer and epoch alone.
 * @differs goes on within an epoch, and with all random draws and the other callbacks too
 * @differs removes its folder only where that holds nothing else; Keras removes it with all that is in it
 */
export class BackupAndRestore extends Callback {
  override readonly last = true;
  readonly backupDir: string;
  readonly doubleCheckpoint: boolean;
  readonly deleteCheckpoint: boolean;
  readonly #frequency: EveryBatches;

  /** @throws {InvalidConfigError} an option is unknown, or not what it may be. */
  constructor(config: BackupAndRestoreConfig) {
    checkOptions("BackupAndRestore", config, options);
    super();
    if (typeof config.backupDir !== "string" || config.backupDir === "") {
      throw new InvalidConfigError("BackupAndRestore", "backupDir", "a folder", config.backupDir);
    }
    this.backupDir = config.backupDir;
    this.doubleCheckpoint = config.doubleCheckpoint ?? false;
    this.deleteCheckpoint = config.deleteCheckpoint ?? true;
    this.#frequency = new EveryBatches("BackupAndRestore", "saveFreq", config.saveFreq ?? "epoch");
    // Hearing of batches costs, so only who saves after some does.
    if (this.#frequency.frequency !== "epoch") {
      this.onTrainBatchEnd = async (_batch, _logs, run) => {
        if (this.#frequency.count()) await this.#save(run);
      };
    }
  }

  get saveFreq(): SaveFrequency {
    return this.#frequency.frequency;
  }

  get #path(): string {
    return `${this.backupDir}/backup.safetensors`;
  }

  get #previousPath(): string {
    return `${this.backupDir}/previous.safetensors`;
  }

  /**
   * @throws {FormatError} the backup is damaged, or of another model.
   * @throws {InvalidConfigError} the model is not built, or the data have another order than before.
   * @throws {UnavailableError} it cannot be read.
   */
  override async onTrainBegin(run: TrainingRun): Promise<void> {
    this.#frequency.since = 0;
    const bytes = await readFileIfAny(this.#path);
    const previous = this.doubleCheckpoint ? await readFileIfAny(this.#previousPath) : undefined;
    const found = bytes ?? previous;
    if (found === undefined) return;
    if (!run.model.built) {
      const expected = "built: give its first layer an inputShape, so that a backup has weights to go to";
      throw new InvalidConfigError("BackupAndRestore", "model", expected, run.model.name);
    }
    try {
      restoreBackup(found, this.#path, run);
    } catch (error) {
      if (!(error instanceof FormatError) || previous === undefined) throw error;
      restoreBackup(previous, this.#previousPath, run);
    }
  }

  override readsBatchLogs(): boolean {
    return this.#frequency.nextIsDue;
  }

  /** @throws {UnavailableError} the folder cannot be written. */
  override async onEpochEnd(_epoch: number, _logs: unknown, run: TrainingRun): Promise<void> {
    if (this.saveFreq === "epoch") await this.#save(run);
  }

  override async onInterrupt(run: TrainingRun): Promise<void> {
    await this.#save(run);
  }

  override async onTrainEnd({ stopped }: History): Promise<void> {
    if (!this.deleteCheckpoint || stopped === "aborted") return;
    await removeFile(this.#path);
    await removeFile(this.#previousPath);
    await removeEmptyFolder(this.backupDir);
  }

  override saveState(): CallbackState {
    return { values: { since: this.#frequency.since } };
  }

  override restoreState({ values }: CallbackState): void {
    this.#frequency.since = values["since"] ?? 0;
  }

  async #save(run: TrainingRun): Promise<void> {
    if (this.doubleCheckpoint) {
      const last = await readFileIfAny(this.#path);
      if (last) await writeWholeFile(this.#previousPath, last);
    }
    await writeWholeFile(this.#path, await encodeBackup(run));
  }
}
