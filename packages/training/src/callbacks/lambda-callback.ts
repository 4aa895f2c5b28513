import type { Options } from "@featuremap/tensor";
import { functionOption } from "../config/kinds.ts";
import { settleConfig } from "../config/settle-config.ts";
import { Callback } from "../run/callback.ts";

const hooks = [
  "onEpochBegin",
  "onEpochEnd",
  "onTrainBegin",
  "onTrainEnd",
  "onTrainBatchBegin",
  "onTrainBatchEnd",
  "onTestBegin",
  "onTestEnd",
  "onTestBatchBegin",
  "onTestBatchEnd",
  "onPredictBegin",
  "onPredictEnd",
  "onPredictBatchBegin",
  "onPredictBatchEnd",
  "readsBatchLogs",
  "onProgress",
  "onEvaluationProgress",
] as const;

const hookOption = functionOption<never>().orNull();

/** The methods of {@link Callback} as functions, all optional. */
export type LambdaCallbackConfig = Partial<Pick<Callback, (typeof hooks)[number]>>;

/**
 * A callback made of functions.
 *
 * Source: Keras 3 `LambdaCallback`.
 * @differs Keras also takes the hooks of tests and predictions, in `**kwargs`
 */
export class LambdaCallback extends Callback {
  static override readonly className: string = "LambdaCallback";
  static readonly options: Options<LambdaCallbackConfig> = Object.fromEntries(
    hooks.map((name) => [name, hookOption]),
  ) as Options<LambdaCallbackConfig>;

  /** @throws {InvalidConfigError} there is no method of a name, or a value is not a function. */
  constructor(config: LambdaCallbackConfig) {
    super();
    const given = Object.entries(settleConfig(LambdaCallback, config)).filter(([, hook]) => hook !== null);
    // A method that exists counts as one that hears of batches, which costs reads.
    Object.assign(this, Object.fromEntries(given));
  }
}
