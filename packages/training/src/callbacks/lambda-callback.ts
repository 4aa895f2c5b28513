import { InvalidConfigError, type OptionNames } from "@featuremap/tensor";
import { checkOptions } from "../config/check-options.ts";
import { Callback } from "../run/callback.ts";

/** The methods of {@link Callback} as functions, none of which is needed. */
export type LambdaCallbackConfig = Partial<
  Pick<
    Callback,
    | "onTrainBegin"
    | "onTrainEnd"
    | "onEpochBegin"
    | "onEpochEnd"
    | "onTrainBatchBegin"
    | "onTrainBatchEnd"
    | "onTestBegin"
    | "onTestEnd"
    | "onTestBatchBegin"
    | "onTestBatchEnd"
    | "onPredictBegin"
    | "onPredictEnd"
    | "onPredictBatchBegin"
    | "onPredictBatchEnd"
    | "readsBatchLogs"
    | "onProgress"
    | "onEvaluationProgress"
  >
>;

const options: OptionNames<LambdaCallbackConfig> = {
  onEpochBegin: true,
  onEpochEnd: true,
  onTrainBegin: true,
  onTrainEnd: true,
  onTrainBatchBegin: true,
  onTrainBatchEnd: true,
  onTestBegin: true,
  onTestEnd: true,
  onTestBatchBegin: true,
  onTestBatchEnd: true,
  onPredictBegin: true,
  onPredictEnd: true,
  onPredictBatchBegin: true,
  onPredictBatchEnd: true,
  readsBatchLogs: true,
  onProgress: true,
  onEvaluationProgress: true,
};

/**
 * A callback made of functions.
 *
 * Source: Keras 3 `LambdaCallback`.
 * @differs Keras also takes the hooks of tests and predictions, in `**kwargs`
 */
export class LambdaCallback extends Callback {
  static override readonly className: string = "LambdaCallback";
  /** @throws {InvalidConfigError} a function has a name that no method has, or is none. */
  constructor(config: LambdaCallbackConfig) {
    checkOptions("LambdaCallback", config, options);
    super();
    const given = Object.entries(config).filter(([, value]) => value !== undefined && value !== null);
    const wrong = given.find(([, value]) => typeof value !== "function");
    if (wrong) throw new InvalidConfigError("LambdaCallback", wrong[0], "a function", wrong[1]);
    // Only methods that are there count as hearing of batches, which costs reads.
    Object.assign(this, Object.fromEntries(given));
  }
}
