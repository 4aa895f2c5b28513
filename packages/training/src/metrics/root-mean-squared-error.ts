import { checkOptions } from "../config/check-options.ts";
import { MeanSquaredError } from "../losses/regression/mean-squared-error.ts";
import { type MetricConfig, metricOptions } from "./accuracy/accuracy.ts";
import { MeanLoss } from "./mean-loss.ts";

/**
 * The square root of the mean squared difference.
 *
 * Shape: target and output `[batch, ..., units]`; a target may leave out `units` if it is 1.
 * Source: Keras 3 `RootMeanSquaredError`.
 */
export class RootMeanSquaredError extends MeanLoss {
  static override readonly className: string = "RootMeanSquaredError";
  /** @throws {InvalidConfigError} an option is unknown. */
  constructor(config: MetricConfig = {}) {
    checkOptions("RootMeanSquaredError", config, metricOptions);
    super({ name: config.name ?? "root_mean_squared_error", loss: new MeanSquaredError() });
  }

  override result(sums: Float64Array): number {
    return Math.sqrt(super.result(sums));
  }
}
