import type { PlainOptions } from "../config/configured.ts";
import { MeanSquaredError } from "../losses/regression/mean-squared-error.ts";
import { LossMetric } from "./loss-metric.ts";
import { type MetricConfig, metricOptions } from "./metric.ts";

/**
 * The square root of the mean squared difference.
 *
 * Shape: target and output `[batch, ..., units]`; a target may leave out `units` if it is 1.
 * Source: Keras 3 `RootMeanSquaredError`.
 */
export class RootMeanSquaredError extends LossMetric {
  static override readonly className: string = "RootMeanSquaredError";
  static override readonly options: PlainOptions<MetricConfig> = metricOptions;
  override readonly loss: MeanSquaredError = new MeanSquaredError();

  /** @throws {InvalidConfigError} an option is unknown. */
  constructor(config: MetricConfig = {}) {
    super(config, "down");
  }

  override result(sums: Float64Array): number {
    return Math.sqrt(super.result(sums));
  }
}
