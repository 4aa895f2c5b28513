import { type OptionNames, checkOptions } from "@featuremap/tensor";
import { Callback, type EvaluationProgress, type Progress, type TrainingRun } from "./callback.ts";
import type { History } from "../history.ts";
import type { Logs } from "../loop/totals.ts";

/** The methods of {@link Callback} as functions, none of which is needed. */
export interface LambdaCallbackConfig {
  readonly onTrainBegin?: (run: TrainingRun) => void | Promise<void>;
  readonly onTrainEnd?: (history: History, run: TrainingRun) => void | Promise<void>;
  readonly onEpochBegin?: (epoch: number, run: TrainingRun) => void | Promise<void>;
  readonly onEpochEnd?: (epoch: number, logs: Logs, run: TrainingRun) => void | Promise<void>;
  readonly onProgress?: (progress: Progress, run: TrainingRun) => void | Promise<void>;
  readonly onEvaluationProgress?: (progress: EvaluationProgress) => void | Promise<void>;
}

const options: OptionNames<LambdaCallbackConfig> = {
  onTrainBegin: true,
  onTrainEnd: true,
  onEpochBegin: true,
  onEpochEnd: true,
  onProgress: true,
  onEvaluationProgress: true,
};

/**
 * A callback made of functions.
 *
 * Source: Keras 3 `LambdaCallback`; in place of its functions for every batch there is `onProgress`.
 */
export class LambdaCallback extends Callback {
  readonly #config: LambdaCallbackConfig;

  /** @throws {InvalidConfigError} a function has a name that no method has. */
  constructor(config: LambdaCallbackConfig) {
    checkOptions("LambdaCallback", config, options);
    super();
    this.#config = config;
  }

  override async onTrainBegin(run: TrainingRun): Promise<void> {
    await this.#config.onTrainBegin?.(run);
  }

  override async onTrainEnd(history: History, run: TrainingRun): Promise<void> {
    await this.#config.onTrainEnd?.(history, run);
  }

  override async onEpochBegin(epoch: number, run: TrainingRun): Promise<void> {
    await this.#config.onEpochBegin?.(epoch, run);
  }

  override async onEpochEnd(epoch: number, logs: Logs, run: TrainingRun): Promise<void> {
    await this.#config.onEpochEnd?.(epoch, logs, run);
  }

  override async onProgress(progress: Progress, run: TrainingRun): Promise<void> {
    await this.#config.onProgress?.(progress, run);
  }

  override async onEvaluationProgress(progress: EvaluationProgress): Promise<void> {
    await this.#config.onEvaluationProgress?.(progress);
  }
}
