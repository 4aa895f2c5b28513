import { lockFolder, readFileIfAny, removeEmptyFolder, removeFile, writeFileWhole } from "@featuremap/files";
import { FormatError, InvalidConfigError, type OptionNames } from "@featuremap/tensor";
import { checkOptions } from "../check-options.ts";
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

/** Bytes of a backup at most: weights, two slots for each and the best weights, of more than a machine can train. */
const largest = 2 ** 36;

/**
 * Goes on where a training that was interrupted ended, and gives the numbers that it would have given: the next `fit`
 * with this callback begins after the last backup, within an epoch if it was made there.
 *
 * Saved are weights, the optimizer's memory, the epoch, the batch and the sums of its logs, the random streams of
 * layers, the seed that orders arrays, and what the other callbacks remember. Batches of other sources must come with
 * the same seed again, and arrays, images and files with the same examples, labels and options. Where the signal ended training, a backup of that very step is made and stays. A backup that is
 * damaged, or does not fit the model, the optimizer, the callbacks or the data, is refused and stays. The folder belongs
 * to one training at a time: another one is refused at its start.
 * Needs files, which Node has and a page has not.
 * Source: Keras 3 `BackupAndRestore`, which goes on with weights, optimizer and epoch alone.
 * @differs goes on within an epoch, and with all random draws and the other callbacks too
 * @differs removes its folder only where that holds nothing else; Keras removes it with all that is in it
 */
export class BackupAndRestore extends Callback {
  static override readonly className: string = "BackupAndRestore";
  override readonly last = true;
  readonly backupDir: string;
  readonly doubleCheckpoint: boolean;
  readonly deleteCheckpoint: boolean;
  readonly #frequency: EveryBatches;
  #release: (() => Promise<void>) | undefined;

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
   * @throws {InvalidConfigError} the model is not built, or the data, or their order, are others than before.
   * @throws {UnavailableError} it cannot be read, or another training has the folder.
   */
  override async onTrainBegin(run: TrainingRun): Promise<void> {
    this.#frequency.since = 0;
    this.#release = await lockFolder(this.backupDir, "training");
    const bytes = await readFileIfAny(this.#path, { limit: largest });
    const previous = this.doubleCheckpoint ? await readFileIfAny(this.#previousPath, { limit: largest }) : undefined;
    const found = bytes ?? previous;
    if (found === undefined) return;
    if (!run.model.built) {
      const expected = "built: give its first layer an inputShape, so that a backup has weights to go to";
      throw new InvalidConfigError("BackupAndRestore", "model", expected, run.model.name);
    }
    try {
      await restoreBackup(found, bytes === undefined ? this.#previousPath : this.#path, run);
    } catch (error) {
      if (!(error instanceof FormatError) || previous === undefined || bytes === undefined) throw error;
      await restoreBackup(previous, this.#previousPath, run);
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
    if (!this.deleteCheckpoint || stopped === "aborted" || stopped === "nonFinite") return;
    await removeFile(this.#path);
    await removeFile(this.#previousPath);
    await this.onTrainExit();
    await removeEmptyFolder(this.backupDir);
  }

  override async onTrainExit(): Promise<void> {
    await this.#release?.();
    this.#release = undefined;
  }

  override saveState(): CallbackState {
    return { values: { since: this.#frequency.since } };
  }

  override restoreState({ values }: CallbackState): void {
    this.#frequency.since = values["since"] ?? 0;
  }

  async #save(run: TrainingRun): Promise<void> {
    if (this.doubleCheckpoint) {
      const last = await readFileIfAny(this.#path, { limit: largest });
      if (last) await writeFileWhole(this.#previousPath, last);
    }
    await writeFileWhole(this.#path, await encodeBackup(run));
  }
}
