import { type FixedShape, Option, sizeOf } from "@featuremap/tensor";
import type { PlainOptions } from "../../config/configured.ts";
import { choiceOption, nameOption, positiveOption } from "../../config/kinds.ts";
import {
  type Rank,
  type Tensor,
  abs,
  cast,
  concat1d,
  greater,
  greaterEqual,
  logicalAnd,
  max,
  mul,
  reshape,
  sub,
  sum,
} from "@tensorflow/tfjs-core";
import { alignedTargetShape } from "../../losses/align-shapes.ts";
import { Metric, type MetricConfig, type MetricValue, ratio, weightsFor } from "../metric.ts";

export interface FBetaScoreConfig extends MetricConfig {
  /**
   * How the classes' scores become one: from all their counts together (`micro`), as their mean (`macro`), as their
   * mean by how often each is right (`weighted`). Default: one number for each class.
   */
  readonly average?: "micro" | "macro" | "weighted" | null;
  /** Outputs above it mean yes. Default: only the largest output of a row does. */
  readonly threshold?: number | null;
  /** How many times as much recall counts as precision. Default: 1. */
  readonly beta?: number;
}

const options: PlainOptions<FBetaScoreConfig> = {
  average: choiceOption("micro", "macro", "weighted").orNull(),
  beta: positiveOption().default(1),
  threshold: Option.within("in (0, 1]", (value) => value > 0 && value <= 1).orNull(),
  name: nameOption.default("fbeta_score"),
};

/**
 * The weighted harmonic mean of precision and recall: `(1 + beta^2) p r / (beta^2 p + r)`.
 *
 * Shape: target, one-hot or yes-or-no, and output `[batch, classes]`.
 * Source: Keras 3 `FBetaScore`.
 * @differs without `average`, logs a number for each class, as `fbeta_score_0`, `fbeta_score_1`; Keras logs one array
 */
export class FBetaScore extends Metric {
  static override readonly className: string = "FBetaScore";
  static override readonly options: PlainOptions<Omit<FBetaScoreConfig, "beta">> = options;
  readonly average: "micro" | "macro" | "weighted" | undefined;
  readonly threshold: number | undefined;
  readonly beta: number;

  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: FBetaScoreConfig = {}) {
    super(config, "up");
    const { average, beta, threshold } = this.settle(config, options);
    this.average = average ?? undefined;
    this.beta = beta;
    this.threshold = threshold ?? undefined;
  }

  override length(output: FixedShape): number {
    return 3 * (output.at(-1) ?? 1);
  }

  /** True positives of every class, then false positives, then false negatives. */
  override measure(target: Tensor, output: Tensor, sampleWeight?: Tensor): Tensor {
    const shape = alignedTargetShape(this.name, target.shape, output.shape);
    const classes = shape.at(-1) ?? 1;
    const labels = reshape(cast(target, "float32"), [-1, classes]);
    const yes = reshape(cast(this.#chosen(output), "float32"), [-1, classes]);
    const counts = [mul(yes, labels), mul(yes, sub(1, labels)), mul(sub(1, yes), labels)];
    const weights = sampleWeight && reshape(weightsFor(this.name, sampleWeight, shape), [-1, classes]);
    const weighted = weights ? counts.map((each) => mul(each, weights)) : counts;
    return concat1d(weighted.map((each) => sum<Tensor<Rank.R1>>(each, 0)));
  }

  override count(output: FixedShape): number {
    return sizeOf(output);
  }

  override result(sums: Float64Array): MetricValue {
    const classes = sums.length / 3;
    const [right, wrong, missed] = [0, 1, 2].map((part) => [...sums.subarray(part * classes, (part + 1) * classes)]);
    const total = (counts: readonly number[] | undefined): number =>
      (counts ?? []).reduce((one, other) => one + other, 0);
    if (this.average === "micro") return this.#score(total(right), total(wrong), total(missed));
    const scores = (right ?? []).map((count, index) => this.#score(count, wrong?.[index] ?? 0, missed?.[index] ?? 0));
    if (this.average === undefined) return scores;
    if (this.average === "macro") return total(scores) / classes;
    const often = (right ?? []).map((count, index) => count + (missed?.[index] ?? 0));
    return ratio(total(scores.map((each, index) => each * (often[index] ?? 0))), total(often));
  }

  #chosen(output: Tensor): Tensor {
    if (this.threshold !== undefined) return greater(output, this.threshold);
    return logicalAnd(greaterEqual(output, max(output, -1, true)), greater(abs(output), 1e-9));
  }

  #score(truePositives: number, falsePositives: number, falseNegatives: number): number {
    const precision = ratio(truePositives, truePositives + falsePositives);
    const recall = ratio(truePositives, truePositives + falseNegatives);
    const square = this.beta ** 2;
    return ratio((1 + square) * precision * recall, square * precision + recall);
  }
}
