import type { PlainOptions } from "../../config/configured.ts";
import { metricOptions } from "../metric.ts";
import { FBetaScore, type FBetaScoreConfig } from "./f-beta-score.ts";

export interface F1ScoreConfig extends Omit<FBetaScoreConfig, "beta"> {}

/**
 * The harmonic mean of precision and recall: `2 p r / (p + r)`.
 *
 * Shape: target, one-hot or yes-or-no, and output `[batch, classes]`.
 * Source: Keras 3 `F1Score`.
 * @differs without `average`, logs a number for each class, as `f1_score_0`, `f1_score_1`; Keras logs one array
 */
export class F1Score extends FBetaScore {
  static override readonly className: string = "F1Score";
  static override readonly options: PlainOptions<F1ScoreConfig> = {
    average: FBetaScore.options.average,
    threshold: FBetaScore.options.threshold,
    ...metricOptions,
  };

  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: F1ScoreConfig = {}) {
    super(config);
  }
}
