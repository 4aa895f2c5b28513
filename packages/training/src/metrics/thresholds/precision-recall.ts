import type { PlainOptions } from "../../config/configured.ts";
import { ratio } from "../metric.ts";
import { ThresholdMetric, type ThresholdMetricConfig, thresholdOptions } from "./threshold-metric.ts";

/** What {@link Precision} takes. */
export type PrecisionConfig = ThresholdMetricConfig;

/**
 * The share of yeses that are right; 0 while there is none.
 *
 * Shape: target and output `[batch, ..., units]`; a target may leave out `units` if it is 1.
 * Source: Keras 3 `Precision`.
 * @differs with several `thresholds`, logs a number for each, as `precision_0`, `precision_1`; Keras logs one array
 */
export class Precision extends ThresholdMetric {
  static override readonly className: string = "Precision";
  static override readonly options: PlainOptions<PrecisionConfig> = thresholdOptions;

  protected override rate(truePositives: number, falsePositives: number): number {
    return ratio(truePositives, truePositives + falsePositives);
  }
}

/** What {@link Recall} takes: the same as {@link Precision}. */
export type RecallConfig = PrecisionConfig;

/**
 * The share of what should be yes that is; 0 while there is nothing.
 *
 * Shape: target and output `[batch, ..., units]`; a target may leave out `units` if it is 1.
 * Source: Keras 3 `Recall`.
 * @differs with several `thresholds`, logs a number for each, as `recall_0`, `recall_1`; Keras logs one array
 */
export class Recall extends ThresholdMetric {
  static override readonly className: string = "Recall";
  static override readonly options: PlainOptions<PrecisionConfig> = thresholdOptions;

  protected override rate(truePositives: number, _falsePositives: number, falseNegatives: number): number {
    return ratio(truePositives, truePositives + falseNegatives);
  }
}
