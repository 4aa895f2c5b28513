import type { Model } from "@featuremap/layers";
import type { HostArray, NonFiniteError } from "@featuremap/tensor";
import type { KnownPictures } from "@featuremap/formats";
import type { History } from "./history.ts";
import type { RunState } from "./run-state.ts";
import type { Logs } from "./logs.ts";
import type { Direction } from "../metrics/metric.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { CallbackState } from "./callback-state.ts";

/** How far an epoch is. */
export interface Progress {
  /** Number of the epoch, counted from 0. */
  readonly epoch: number;
  /** The epoch before which training ends: epochs go from `initialEpoch` to `epochs - 1`. */
  readonly epochs: number;
  /** Steps done in this epoch: 1 after the first. */
  readonly step: number;
  /** Steps of an epoch; infinite while it is not known where a generator ends. */
  readonly steps: number;
  /** Examples trained per second since the epoch began. */
  readonly imagesPerSecond: number;
  /** Mean over the epoch so far. */
  readonly loss: number;
  /** Metrics over the epoch so far, by name. */
  readonly metrics: Logs;
  /** Until the last step of this epoch. */
  readonly secondsLeft: number;
  /** Share of the time since the epoch began that was spent waiting for batches, in [0, 1]. */
  readonly waiting: number;
  /** That of the next step. */
  readonly learningRate: number;
}

/** How far an evaluation is: that of `evaluate`, or the validation after an epoch. */
export type EvaluationProgress = Omit<Progress, "epoch" | "epochs" | "learningRate">;

/** The call of `evaluate` or `predict` that a callback hears of, or the validation within `fit`. */
export interface CallbackRun {
  readonly model: Model;
  readonly optimizer: Optimizer;
  /** Steps of an epoch, or of the whole; infinite while it is not known where a generator ends. */
  readonly steps: number;
  /** Ends it after the batch under way. Of training, the validation after that epoch still runs, as in Keras. */
  stop(): void;
}

/** The call of `fit` that a callback hears of. */
export interface TrainingRun extends CallbackRun {
  readonly initialEpoch: number;
  readonly epochs: number;
  readonly callbacks: readonly Callback[];
  /** What the logs of an epoch hold, and which way each goes when the model gets better; undefined if nobody knows. */
  readonly logs: ReadonlyMap<string, Direction | undefined>;
  /** How pictures became the model's input, and its classes' names; undefined where the data do not tell. */
  readonly pictures: KnownPictures | undefined;
  /** In `onEpochEnd`: adds a number to the epoch's logs and history. */
  record(name: string, value: number): void;
  /** In `onTrainBegin`: leaves out the epochs before this one, counted from 0. */
  resumeAt(epoch: number): void;
  /** Where training stands, beside weights and optimizer. Within an epoch, where {@link Callback.readsBatchLogs}. */
  saveState(): RunState;
  /** In `onTrainBegin`: goes on after a state of {@link saveState}. */
  restoreState(state: RunState): void;
}

/**
 * Hears how training, evaluation and prediction go, which wait for what a method returns. Batches and epochs are counted
 * from 0.
 *
 * A batch is reported only to callbacks that have a method for it: without one, losses stay on the device and are read
 * a few times a second.
 * Source: Keras 3 `Callback`; `run` stands for its `self.model`, and `run.stop()` for `model.stop_training = True`.
 */
export abstract class Callback {
  /** What it is called in errors and saved states. Give your own subclasses one: minifiers rename classes. */
  static readonly className: string = "Callback";
  /** Whether it is told after the others, whatever its place in the list: for what saves their doings. */
  readonly last: boolean = false;

  onTrainBegin(_run: TrainingRun): void | Promise<void> {}

  /** After the last epoch, also where the signal or a callback ended training; not after an error. */
  onTrainEnd(_history: History, _run: TrainingRun): void | Promise<void> {}

  /** After all that, and after an error too: gives back what the callback holds. */
  onTrainExit(_run: TrainingRun): void | Promise<void> {}

  onEpochBegin(_epoch: number, _run: TrainingRun): void | Promise<void> {}

  onEpochEnd(_epoch: number, _logs: Logs, _run: TrainingRun): void | Promise<void> {}

  onTrainBatchBegin(_batch: number, _run: TrainingRun): void | Promise<void> {}

  /** @param _logs loss and metrics over the epoch so far; empty where no callback {@link readsBatchLogs} */
  onTrainBatchEnd(_batch: number, _logs: Logs, _run: TrainingRun): void | Promise<void> {}

  /** Before `evaluate`, and before the validation after an epoch. */
  onTestBegin(_run: CallbackRun): void | Promise<void> {}

  onTestEnd(_logs: Logs, _run: CallbackRun): void | Promise<void> {}

  /** After all that, and where an error or the signal ended it too: gives back what the callback holds. */
  onTestExit(_run: CallbackRun): void | Promise<void> {}

  onTestBatchBegin(_batch: number, _run: CallbackRun): void | Promise<void> {}

  /** @param _logs loss and metrics so far; empty where no callback {@link readsBatchLogs} */
  onTestBatchEnd(_batch: number, _logs: Logs, _run: CallbackRun): void | Promise<void> {}

  onPredictBegin(_run: CallbackRun): void | Promise<void> {}

  onPredictEnd(_run: CallbackRun): void | Promise<void> {}

  /** As {@link onTestExit}, of a prediction. */
  onPredictExit(_run: CallbackRun): void | Promise<void> {}

  onPredictBatchBegin(_batch: number, _run: CallbackRun): void | Promise<void> {}

  /** @param _outputs of this batch, in the model's order */
  onPredictBatchEnd(_batch: number, _outputs: readonly HostArray[], _run: CallbackRun): void | Promise<void> {}

  /**
   * Whether a method for the end of this batch wants its logs, for which the loop waits until the device has done all
   * that came before.
   */
  readsBatchLogs(_batch: number): boolean {
    return true;
  }

  /** At most four times a second, and after the last step of an epoch. */
  onProgress(_progress: Progress, _run: TrainingRun): void | Promise<void> {}

  /** As {@link onProgress}, while a model is evaluated. */
  onEvaluationProgress(_progress: EvaluationProgress): void | Promise<void> {}

  /** A step's loss is NaN or infinite. Says whether training shall end there, as it does where a callback stops it. */
  onNonFiniteLoss(_error: NonFiniteError, _run: TrainingRun): boolean {
    return false;
  }

  /** The signal or the time limit ended training, before moving means take the weights' places: for what lets it go on another time. */
  onInterrupt(_run: TrainingRun): void | Promise<void> {}

  /** What it needs to go on in another `fit` after an interruption; nothing, if it remembers nothing. */
  saveState(): CallbackState | undefined {
    return undefined;
  }

  /** After `onTrainBegin`: goes on with what {@link saveState} gave. */
  restoreState(_state: CallbackState): void {}
}
