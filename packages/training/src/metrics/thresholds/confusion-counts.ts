import type { MetricConfig } from "../accuracy/accuracy.ts";
import { ThresholdMetric } from "./threshold-metric.ts";

export interface ConfusionCountConfig extends MetricConfig {
  /** Outputs above it mean yes; several, in [0, 1] each, give several numbers. Default: 0.5. */
  readonly thresholds?: number | readonly number[] | null;
}

/**
 * How many yeses are right.
 *
 * Shape: target and output `[batch, ..., units]`; a target may leave out `units` if it is 1.
 * Source: Keras 3 `TruePositives`.
 */
export class TruePositives extends ThresholdMetric {
  static override readonly className: string = "TruePositives";
  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: ConfusionCountConfig = {}) {
    super("TruePositives", "true_positives", config, "up");
  }

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
export class TrueNegatives extends ThresholdMetric {
  static override readonly className: string = "TrueNegatives";
  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: ConfusionCountConfig = {}) {
    super("TrueNegatives", "true_negatives", config, "up");
  }

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
export class FalsePositives extends ThresholdMetric {
  static override readonly className: string = "FalsePositives";
  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: ConfusionCountConfig = {}) {
    super("FalsePositives", "false_positives", config, "down");
  }

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
export class FalseNegatives extends ThresholdMetric {
  static override readonly className: string = "FalseNegatives";
  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: ConfusionCountConfig = {}) {
    super("FalseNegatives", "false_negatives", config, "down");
  }

  protected override rate(_truePositives: number, _falsePositives: number, falseNegatives: number): number {
    return falseNegatives;
  }
}
