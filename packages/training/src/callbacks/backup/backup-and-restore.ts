import { hasFile, lockFolder, readFileIfAny, removeEmptyFolder, removeFile, writeFileWhole } from "@featuremap/files";
import { FormatError, InvalidConfigError, Option } from "@featuremap/tensor";
import type { PlainOptions } from "../../config/configured.ts";
import { settleConfig } from "../../config/settle-config.ts";
import type { History } from "../../run/history.ts";
import { callOption } from "../../config/call-option.ts";
import { functionOption } from "../../config/kinds.ts";
import { pathOption } from "../callback-options.ts";
import { encodeBackup, readBegunEpochs, restoreBackup } from "./backup-file.ts";
import { Callback, type TrainingRun } from "../../run/callback.ts";
import type { CallbackState } from "../../run/callback-state.ts";
import { EveryBatches, type SaveFrequency, type SaveMoments, isSaveFrequency } from "../../run/every-batches.ts";
import { type Clock, EveryMinutes, type Minutes, millisecondsOf } from "../../run/every-minutes.ts";

export interface BackupAndRestoreConfig {
  /** Folder for the backup of this training alone; it is created if missing. */
  readonly backupDir: string;
  /**
   * When to save: after each epoch, after every given number of batches, or after the first batch that ends the given number
   * of minutes after the last save. Default: `epoch`.
   *
   * @differs also takes `{ minutes: 5 }`
   */
  readonly saveFreq?: SaveFrequency | Minutes;
  /**
   * The time in milliseconds, for a `saveFreq` in minutes. Default: `performance.now`.
   */
  readonly clock?: Clock;
  /**
   * Whether to keep the backup before the last one too, in case the last cannot be read. This costs disk space, but no time.
   * Default: false.
   */
  readonly doubleCheckpoint?: boolean;
  /** Whether to delete the backup when training has ended, and its folder unless it holds something else. Default: true. */
  readonly deleteCheckpoint?: boolean;
}

/** The most bytes of a backup: weights, two slots for each, and the best weights, of a model larger than a machine can train. */
const largest = 2 ** 36;

/** The backup before the last one. */
const previousName = "previous.safetensors";

/**
 * Resumes an interrupted training with the numbers that it would have given: the next `fit` with this callback begins
 * after the last backup, within an epoch if that is where it was made.
 *
 * A backup holds the weights, the optimizer's state, the epoch, the batch and the sums of its logs, the random streams of
 * layers, the seed that orders arrays, and the state of the other callbacks. Batches of other sources must come with the
 * same seed again, and arrays, images and files with the same examples, labels and options. If the signal or the time limit
 * ended training, a backup of that very step is made and kept. A backup that is damaged, or does not fit the model, the
 * optimizer, the callbacks or the data, is rejected and kept. If a full disk or the end of the process interrupts a save, the
 * previous backup is still there. The folder belongs to one training at a time: a second one is rejected at its start.
 * Needs files, so it works in Node but not in a page.
 * Source: Keras 3 `BackupAndRestore`, which goes on with weights, optimizer and epoch alone.
 * @differs also resumes within an epoch, with all random draws and the state of other callbacks
 * @differs removes its folder only if nothing else is in it; Keras removes the folder with all its contents
 */
export class BackupAndRestore extends Callback {
  static override readonly className: string = "BackupAndRestore";
  static readonly options: PlainOptions<BackupAndRestoreConfig> = {
    backupDir: pathOption("a folder"),
    saveFreq: callOption({ check: checkSaveFreq }, "epoch"),
    doubleCheckpoint: Option.flag().default(false),
    deleteCheckpoint: Option.flag().default(true),
    clock: functionOption<Clock>().default(() => performance.now()),
  };
  override readonly last = true;
  readonly backupDir: string;
  readonly doubleCheckpoint: boolean;
  readonly deleteCheckpoint: boolean;
  readonly saveFreq: SaveFrequency | Minutes;
  readonly #moments: SaveMoments;
  #release: (() => Promise<void>) | undefined;
  #restored: "last" | "previous" | undefined;

  /** @throws {InvalidConfigError} an option is unknown, or not what it may be. */
  constructor(config: BackupAndRestoreConfig) {
    super();
    const { clock, ...settled } = settleConfig(BackupAndRestore, config);
    ({ backupDir: this.backupDir, saveFreq: this.saveFreq } = settled);
    ({ doubleCheckpoint: this.doubleCheckpoint, deleteCheckpoint: this.deleteCheckpoint } = settled);
    this.#moments =
      typeof this.saveFreq === "object"
        ? new EveryMinutes(millisecondsOf("BackupAndRestore", "saveFreq", this.saveFreq), clock)
        : new EveryBatches(this.saveFreq);
    // Hearing of batches costs time, so only a callback that saves after some does.
    if (this.saveFreq !== "epoch") {
      this.onTrainBatchEnd = async (_batch, _logs, run) => {
        if (!this.#moments.count()) return;
        await this.#save(run);
        this.#moments.since = 0;
      };
    }
  }

  get #path(): string {
    return `${this.backupDir}/backup.safetensors`;
  }

  get #previousPath(): string {
    return `${this.backupDir}/${previousName}`;
  }

  /** The backup from which training resumed; undefined if there was none. */
  get restored(): "last" | "previous" | undefined {
    return this.#restored;
  }

  /** Whether there is a backup to resume from. @throws {UnavailableError} the system does not tell. */
  async hasBackup(): Promise<boolean> {
    return (await hasFile(this.#path)) || (await hasFile(this.#previousPath));
  }

  /**
   * The least `epochs` that a `fit` which resumes may have: the epochs that the backup has done, and the one that it has begun.
   *
   * @returns 0 if there is no backup
   * @throws {FormatError} the backup is damaged. @throws {UnavailableError} it cannot be read.
   */
  async begunEpochs(): Promise<number> {
    const begun = async (path: string): Promise<number | undefined> => {
      const bytes = await readFileIfAny(path, { limit: largest });
      return bytes && readBegunEpochs(bytes, path);
    };
    return (await this.#newest(begun))?.found ?? 0;
  }

  /**
   * @throws {FormatError} the backup is damaged, or of another model.
   * @throws {InvalidConfigError} the model is not built, or the data or their order have changed.
   * @throws {UnavailableError} it cannot be read, or another training uses the folder.
   */
  override async onTrainBegin(run: TrainingRun): Promise<void> {
    this.#moments.since = 0;
    this.#release = await lockFolder(this.backupDir, "training");
    this.#restored = await this.#restore(run);
  }

  override readsBatchLogs(): boolean {
    return this.#moments.nextIsDue;
  }

  /** @throws {UnavailableError} the folder cannot be written. */
  override async onEpochEnd(_epoch: number, _logs: unknown, run: TrainingRun): Promise<void> {
    if (this.saveFreq === "epoch") await this.#save(run);
  }

  override async onInterrupt(run: TrainingRun): Promise<void> {
    await this.#save(run);
  }

  override async onTrainEnd({ stopped }: History): Promise<void> {
    const isInterrupted = stopped !== undefined && stopped !== "earlyStopping";
    if (!this.deleteCheckpoint || isInterrupted) return;
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
    return { values: { since: this.#moments.since } };
  }

  override restoreState({ values }: CallbackState): void {
    this.#moments.since = values["since"] ?? 0;
  }

  async #restore(run: TrainingRun): Promise<"last" | "previous" | undefined> {
    const newest = await this.#newest(async (path) => ((await restoreFrom(path, run)) ? true : undefined));
    return newest?.which;
  }

  /** What the last backup gives, or the one before it where that is kept and the last is missing or damaged. */
  async #newest<Found>(
    read: (path: string) => Promise<Found | undefined>,
  ): Promise<{ readonly which: "last" | "previous"; readonly found: Found } | undefined> {
    let failure: FormatError | undefined;
    try {
      const found = await read(this.#path);
      if (found !== undefined) return { which: "last", found };
    } catch (error) {
      if (!(error instanceof FormatError && this.doubleCheckpoint)) throw error;
      failure = error;
    }
    const found = this.doubleCheckpoint ? await read(this.#previousPath) : undefined;
    if (found !== undefined) return { which: "previous", found };
    if (failure !== undefined) throw failure;
    return undefined;
  }

  async #save(run: TrainingRun): Promise<void> {
    const kept = this.doubleCheckpoint ? { previous: previousName } : {};
    await writeFileWhole(this.#path, await encodeBackup(run), kept);
  }
}

/** The frequency. @throws {InvalidConfigError} it is not one. */
function checkSaveFreq(owner: string, name: string, given: SaveFrequency | Minutes): SaveFrequency | Minutes {
  if (!isSaveFrequency(given)) millisecondsOf(owner, name, given, '"epoch", an integer of at least 1, or ');
  return given;
}

/** Resumes from the backup in a file. Returns whether there is one. */
async function restoreFrom(path: string, run: TrainingRun): Promise<boolean> {
  const bytes = await readFileIfAny(path, { limit: largest });
  if (bytes === undefined) return false;
  if (!run.model.built) {
    const expected = "built: give its first layer an inputShape, so that a backup has weights to go to";
    throw new InvalidConfigError("BackupAndRestore", "model", expected, run.model.name);
  }
  await restoreBackup(bytes, path, run);
  return true;
}
