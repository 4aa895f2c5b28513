import { Callback, type CallbackState, type EarlyStopping, type TrainingRun } from "@featuremap/training";

/** Keeps a training ended that early stopping has ended, where it goes on from the checkpoint of that very epoch. */
export class StaysStopped extends Callback {
  static override readonly className: string = "StaysStopped";
  readonly #stopping: EarlyStopping;
  #run: TrainingRun | undefined;

  constructor(stopping: EarlyStopping) {
    super();
    this.#stopping = stopping;
  }

  override onTrainBegin(run: TrainingRun): void {
    this.#run = run;
  }

  override saveState(): CallbackState {
    return { values: { stopped: this.#stopping.stoppedEpoch === undefined ? 0 : 1 } };
  }

  override restoreState({ values }: CallbackState): void {
    if (values["stopped"] === 1) this.#run?.stop();
  }
}
