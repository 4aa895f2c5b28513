import { InvalidConfigError, Option } from "@featuremap/tensor";
import type { PlainOptions } from "../config/configured.ts";
import { settleConfig } from "../config/settle-config.ts";
import { classNameOf } from "../config/class-name.ts";
import { Callback, type CallbackRun, type TrainingRun } from "../run/callback.ts";
import type { CallbackState } from "../run/callback-state.ts";

export interface SwapEMAWeightsConfig {
  /** Whether the callbacks after it also find the moving means in the model at the end of an epoch. Default: false. */
  readonly swapOnEpoch?: boolean;
}

/**
 * Evaluates and predicts with the moving means of the weights, which the optimizer keeps with `useEma`, and continues
 * training with the weights.
 *
 * With `swapOnEpoch`, the callbacks after it in the list, such as `ModelCheckpoint` and `EarlyStopping`, find the means in
 * the model at the end of an epoch, and the next epoch begins with the weights again. After `fit` the model has the means,
 * as without this callback.
 * Source: Keras 3 `SwapEMAWeights`.
 * @differs the model also gets the averages if another callback ended training; before the first step there are none,
 * and nothing is swapped
 */
export class SwapEMAWeights extends Callback {
  static override readonly className: string = "SwapEMAWeights";
  static readonly options: PlainOptions<SwapEMAWeightsConfig> = { swapOnEpoch: Option.flag().default(false) };
  readonly swapOnEpoch: boolean;
  /** Whether it has swapped for the evaluation or prediction under way. */
  #swapped = false;

  /** @throws {InvalidConfigError} an option is unknown, or not what it may be. */
  constructor(config: SwapEMAWeightsConfig = {}) {
    super();
    this.swapOnEpoch = settleConfig(SwapEMAWeights, config).swapOnEpoch;
  }

  /** @throws {InvalidConfigError} the optimizer keeps no moving means. */
  override onTrainBegin(run: TrainingRun): void {
    requireMeans(run);
  }

  override onEpochBegin(_epoch: number, run: TrainingRun): void {
    if (run.optimizer.holdsMeans) swap(run);
  }

  override onEpochEnd(_epoch: number, _logs: unknown, run: TrainingRun): void {
    if (this.swapOnEpoch && !run.optimizer.holdsMeans) swap(run);
  }

  /** If the model still has the means, an error ended training. */
  override onTrainExit(run: TrainingRun): void {
    if (run.optimizer.holdsMeans) swap(run);
  }

  /** @throws {InvalidConfigError} the optimizer keeps no moving means. */
  override onTestBegin(run: CallbackRun): void {
    this.#show(run);
  }

  override onTestEnd(_logs: unknown, run: CallbackRun): void {
    this.#hide(run);
  }

  override onTestExit(run: CallbackRun): void {
    this.#hide(run);
  }

  /** @throws {InvalidConfigError} the optimizer keeps no moving means. */
  override onPredictBegin(run: CallbackRun): void {
    this.#show(run);
  }

  override onPredictEnd(run: CallbackRun): void {
    this.#hide(run);
  }

  override onPredictExit(run: CallbackRun): void {
    this.#hide(run);
  }

  /** It has no state, but a training resumed without it would train the means. */
  override saveState(): CallbackState {
    return { values: {} };
  }

  #show(run: CallbackRun): void {
    requireMeans(run);
    if (run.optimizer.holdsMeans) return;
    swap(run);
    this.#swapped = true;
  }

  #hide(run: CallbackRun): void {
    if (this.#swapped) swap(run);
    this.#swapped = false;
  }
}

function swap({ model, optimizer }: CallbackRun): void {
  optimizer.swapMovingMeans(model.built ? model.trainableWeights.map((weight) => weight.variable) : []);
}

function requireMeans({ optimizer }: CallbackRun): void {
  if (optimizer.useEma) return;
  const expected = "true: new Adam({ useEma: true }), so that there are moving means to swap";
  throw new InvalidConfigError("SwapEMAWeights", `useEma of ${classNameOf(optimizer)}`, expected, false);
}
