import { BackupAndRestore, type TrainingRun } from "@featuremap/training";

/** How often a run is saved, besides after each epoch. */
export interface SaveOptions {
  /** In seconds. Default: 300. */
  readonly saveEvery?: number | undefined;
  /** Steps, instead of a time. */
  readonly saveSteps?: number | undefined;
}

/** A run that goes on, and who hears of what it goes on after. */
export interface ResumeOptions {
  /** Folder of the run; undefined for a new one. */
  readonly resume?: string | undefined;
  readonly onNote?: ((text: string) => void) | undefined;
}

const usualSeconds = 300;

/** Saves a run, and goes on with one that was saved: after each epoch, and within it after so many steps or so much time. */
export class RunCheckpoints extends BackupAndRestore {
  static override readonly className: string = "RunCheckpoints";
  readonly #asked: ResumeOptions;

  constructor(folder: string, asked: SaveOptions & ResumeOptions) {
    const { saveEvery = usualSeconds, saveSteps } = asked;
    const saveFreq = saveSteps ?? { minutes: saveEvery / 60 };
    super({ backupDir: folder, saveFreq, doubleCheckpoint: true, deleteCheckpoint: false });
    this.#asked = asked;
  }

  /** @throws {FormatError} no checkpoint can be read. @throws {UnavailableError} the folder cannot be written. */
  override async onTrainBegin(run: TrainingRun): Promise<void> {
    await super.onTrainBegin(run);
    const { resume, onNote } = this.#asked;
    if (resume === undefined || this.restored === "last") return;
    onNote?.(
      this.restored === "previous"
        ? "The last checkpoint is missing or damaged: resuming from the one before it"
        : "There is no checkpoint: the run starts again at epoch 1",
    );
  }

  /** @throws {UnavailableError} the folder cannot be written. */
  override async onEpochEnd(_epoch: number, _logs: unknown, run: TrainingRun): Promise<void> {
    await this.onInterrupt(run);
  }
}
