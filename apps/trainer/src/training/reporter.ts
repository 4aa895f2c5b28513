import { Callback, type EvaluationProgress, type Logs, type Progress, type TrainingRun } from "@featuremap/training";
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
  #began = 0;

  override onEpochBegin(): void {
    this.#began = performance.now();
  }

  override onProgress(progress: Progress): void {
    this.hooks.onProgress?.(progress);
  }

  override onEpochEnd(epoch: number, metrics: Logs, { epochs }: TrainingRun): void {
    const seconds = (performance.now() - this.#began) / 1000;
    this.hooks.onEpoch?.({ epoch: epoch + 1, epochs, seconds, metrics });
  }
}
