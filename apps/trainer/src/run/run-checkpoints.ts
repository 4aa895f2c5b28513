import { BackupAndRestore, type TrainingRun } from "@featuremap/training";

/** How often a run is saved, besides after each epoch. */
export interface SaveOptions {
  /** In seconds. Default: 300. */
  readonly saveEvery?: number | undefined;
  /** Steps, instead of a time. */
  readonly saveSteps?: number | undefined;
}

const usualSeconds = 300;

/** Saves a run, and goes on with one that was saved: after each epoch, and within it after so many steps or so much time. */
export class RunCheckpoints extends BackupAndRestore {
  static override readonly className: string = "RunCheckpoints";

  constructor(folder: string, { saveEvery = usualSeconds, saveSteps }: SaveOptions) {
    const saveFreq = saveSteps ?? { minutes: saveEvery / 60 };
    super({ backupDir: folder, saveFreq, doubleCheckpoint: true, deleteCheckpoint: false });
  }

  /** @throws {UnavailableError} the folder cannot be written. */
  override async onEpochEnd(_epoch: number, _logs: unknown, run: TrainingRun): Promise<void> {
    await this.onInterrupt(run);
  }
}
