import type { OptionNames } from "@featuremap/tensor";
import { checkOptions } from "../../config/check-options.ts";
import { metricOptions } from "../accuracy/accuracy.ts";
import { FBetaScore, type FBetaScoreConfig } from "./f-beta-score.ts";

export interface F1ScoreConfig extends Omit<FBetaScoreConfig, "beta"> {}

const options: OptionNames<F1ScoreConfig> = { average: true, threshold: true, ...metricOptions };

/**
 * The harmonic mean of precision and recall: `2 p r / (p + r)`.
 *
 * Shape: target, one-hot or yes-or-no, and output `[batch, classes]`.
 * Source: Keras 3 `F1Score`.
 */
export class F1Score extends FBetaScore {
  static override readonly className: string = "F1Score";
  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: F1ScoreConfig = {}) {
    checkOptions("F1Score", config, options);
    super(config, "F1Score", "f1_score");
  }
}
