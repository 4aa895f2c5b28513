import { Callback, type EvaluationProgress, type Logs, type Progress, type TrainingRun } from "@featuremap/training";
import { RunTime } from "./run-time.ts";
import type { TrainHooks } from "./train-types.ts";

/** Tells of an evaluation. */
export class EvaluationReporter extends Callback {
  static override readonly className: string = "EvaluationReporter";
  protected readonly hooks: TrainHooks;

  constructor(hooks: TrainHooks) {
    super();
    this.hooks = hooks;
  }

  override onEvaluationProgress(progress: EvaluationProgress): void {
    this.hooks.onEvaluationProgress?.(progress);
  }
}

/** Tells of a training. */
export class TrainingReporter extends EvaluationReporter {
  static override readonly className: string = "TrainingReporter";
  readonly #time: RunTime;
  #began = 0;

  /** @param time given to the run, in seconds @param frozenEpochs first epochs in which but the last layer learns */
  constructor(hooks: TrainHooks, time: number | undefined, frozenEpochs: number) {
    super(hooks);
    this.#time = new RunTime(time, frozenEpochs);
  }

  override onTrainBegin(): void {
    this.#time.begin(performance.now());
  }

  override onEpochBegin(): void {
    this.#began = performance.now();
    this.#time.beginEpoch(this.#began);
  }

  override onProgress(progress: Progress): void {
    const runSecondsLeft = this.#time.left(progress, performance.now());
    this.hooks.onProgress?.({ ...progress, runSecondsLeft });
  }

  override onEpochEnd(epoch: number, metrics: Logs, { epochs }: TrainingRun): void {
    const now = performance.now();
    const seconds = (now - this.#began) / 1000;
    this.#time.endEpoch(now);
    this.hooks.onEpoch?.({ epoch: epoch + 1, epochs, seconds, metrics });
  }
}
