import type { PlainOptions } from "../../config/configured.ts";
import { type MetricConfig, metricOptions } from "../metric.ts";
import { ThresholdMetric, thresholdOptions } from "./threshold-metric.ts";

export interface ConfusionCountConfig extends MetricConfig {
  /** Outputs above it mean yes; several, in [0, 1] each, give several numbers. Default: 0.5. */
  readonly thresholds?: number | readonly number[] | null;
}

const options: PlainOptions<ConfusionCountConfig> = { thresholds: thresholdOptions.thresholds, ...metricOptions };

/** What all counts have in common: they take only thresholds. */
abstract class ConfusionCount extends ThresholdMetric {
  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: ConfusionCountConfig = {}) {
    super(config);
  }
}

/**
 * How many yeses are right.
 *
 * Shape: target and output `[batch, ..., units]`; a target may leave out `units` if it is 1.
 * Source: Keras 3 `TruePositives`.
 */
export class TruePositives extends ConfusionCount {
  static override readonly className: string = "TruePositives";
  static override readonly options: PlainOptions<ConfusionCountConfig> = options;

  protected override rate(truePositives: number): number {
    return truePositives;
  }
}

/**
 * How many noes are right.
 *
 * Shape: target and output `[batch, ..., units]`; a target may leave out `units` if it is 1.
 * Source: Keras 3 `TrueNegatives`.
 */
export class TrueNegatives extends ConfusionCount {
  static override readonly className: string = "TrueNegatives";
  static override readonly options: PlainOptions<ConfusionCountConfig> = options;

  protected override rate(truePositives: number, falsePositives: number, falseNegatives: number, all: number): number {
    return all - truePositives - falsePositives - falseNegatives;
  }
}

/**
 * How many yeses are wrong.
 *
 * Shape: target and output `[batch, ..., units]`; a target may leave out `units` if it is 1.
 * Source: Keras 3 `FalsePositives`.
 */
export class FalsePositives extends ConfusionCount {
  static override readonly className: string = "FalsePositives";
  static override readonly options: PlainOptions<ConfusionCountConfig> = options;
  override readonly direction = "down";

  protected override rate(_truePositives: number, falsePositives: number): number {
    return falsePositives;
  }
}

/**
 * How many noes are wrong.
 *
 * Shape: target and output `[batch, ..., units]`; a target may leave out `units` if it is 1.
 * Source: Keras 3 `FalseNegatives`.
 */
export class FalseNegatives extends ConfusionCount {
  static override readonly className: string = "FalseNegatives";
  static override readonly options: PlainOptions<ConfusionCountConfig> = options;
  override readonly direction = "down";

  protected override rate(_truePositives: number, _falsePositives: number, falseNegatives: number): number {
    return falseNegatives;
  }
}
