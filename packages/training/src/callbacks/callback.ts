import type { Model } from "@featuremap/layers";
import type { NonFiniteError } from "@featuremap/tensor";
import type { History } from "../history.ts";
import type { Logs } from "../loop/totals.ts";
import type { Direction } from "../metrics/metric.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";

/** How far an epoch is. */
export interface Progress {
  /** Number of the epoch, counted from 0. */
  readonly epoch: number;
  /** The epoch before which training ends: epochs go from `initialEpoch` to `epochs - 1`. */
  readonly epochs: number;
  /** Steps done in this epoch: 1 after the first. */
  readonly step: number;
  /** Steps of an epoch. */
  readonly steps: number;
  /** Examples trained per second since the epoch began. */
  readonly imagesPerSecond: number;
  /** Mean over the epoch so far. */
  readonly loss: number;
  /** Metrics over the epoch so far, by name. */
  readonly metrics: Logs;
  /** Until the last step of this epoch. */
  readonly secondsLeft: number;
}

/** How far an evaluation is: that of `evaluate`, or the validation after an epoch. */
export type EvaluationProgress = Omit<Progress, "epoch" | "epochs">;

/** The call of `fit` that a callback hears of. */
export interface TrainingRun {
  readonly model: Model;
  readonly optimizer: Optimizer;
  readonly initialEpoch: number;
  readonly epochs: number;
  /** Steps of an epoch. */
  readonly steps: number;
  /** What the logs of an epoch hold, and which way each goes when the model gets better. */
  readonly logs: ReadonlyMap<string, Direction>;
  /** Ends training after this epoch; its validation still runs. */
  stop(): void;
  /** In `onEpochEnd`: adds a number to the epoch's logs and history. */
  record(name: string, value: number): void;
  /** In `onTrainBegin`: leaves out the epochs before this one, counted from 0. */
  resumeAt(epoch: number): void;
}

/**
 * Hears how training goes. Training waits for what a method returns.
 *
 * Source: Keras 3 `Callback`; steps are not reported one by one, since that would mean to wait for each.
 */
export abstract class Callback {
  onTrainBegin(_run: TrainingRun): void | Promise<void> {}

  /** After the last epoch, also where the signal or a callback ended training; not after an error. */
  onTrainEnd(_history: History, _run: TrainingRun): void | Promise<void> {}

  /** @param _epoch counted from 0 */
  onEpochBegin(_epoch: number, _run: TrainingRun): void | Promise<void> {}

  /** @param _epoch counted from 0 */
  onEpochEnd(_epoch: number, _logs: Logs, _run: TrainingRun): void | Promise<void> {}

  /** At most four times a second, and after the last step of an epoch. */
  onProgress(_progress: Progress, _run: TrainingRun): void | Promise<void> {}

  /** A step's loss is NaN or infinite. Says whether training shall end there, as it does where a callback stops it. */
  onNonFiniteLoss(_error: NonFiniteError, _run: TrainingRun): boolean {
    return false;
  }

  /** As {@link onProgress}, while a model is evaluated. */
  onEvaluationProgress(_progress: EvaluationProgress): void | Promise<void> {}
}
