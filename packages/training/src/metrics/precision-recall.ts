import { type FixedShape, InvalidConfigError, type OptionNames, checkOptions, sizeOf } from "@featuremap/tensor";
import {
  type Rank,
  type Tensor,
  add,
  cast,
  concat1d,
  gather,
  greater,
  mul,
  notEqual,
  oneHot,
  reshape,
  sub,
  sum,
  tensor,
  topk,
} from "@tensorflow/tfjs-core";
import { alignedTargetShape } from "../losses/align-shapes.ts";
import { type MetricConfig, metricOptions } from "./accuracy.ts";
import { Metric, type MetricValue, ratio, weightsFor } from "./metric.ts";
import { checkK } from "./top-k-accuracy.ts";

export interface PrecisionConfig extends MetricConfig {
  /** Outputs above it mean yes; several, in [0, 1] each, give several numbers. Default: 0.5, or with `topK` none. */
  readonly thresholds?: number | readonly number[];
  /** Only the so many largest outputs of a row can mean yes. Default: all. */
  readonly topK?: number;
  /** Only this unit is looked at. Default: all. */
  readonly classId?: number;
}

const options: OptionNames<PrecisionConfig> = { ...metricOptions, thresholds: true, topK: true, classId: true };

/** So far below everything that any output is above it. */
const belowAll = -1e10;

/** Counts right and wrong yeses: what precision and recall have in common. */
abstract class ThresholdMetric extends Metric {
  readonly thresholds: readonly number[];
  readonly topK: number | undefined;
  readonly classId: number | undefined;

  constructor(owner: string, name: string, config: PrecisionConfig) {
    checkOptions(owner, config, options);
    super(config.name ?? name, "up");
    const { thresholds = config.topK === undefined ? 0.5 : belowAll } = config;
    this.thresholds = typeof thresholds === "number" ? [thresholds] : [...thresholds];
    const inRange = (threshold: number): boolean => threshold >= 0 && threshold <= 1;
    if (config.thresholds !== undefined && (this.thresholds.length === 0 || !this.thresholds.every(inRange))) {
      throw new InvalidConfigError(owner, "thresholds", "in [0, 1]", config.thresholds);
    }
    this.topK = config.topK === undefined ? undefined : checkK(owner, config.topK, "topK");
    this.classId = config.classId;
    if (this.classId !== undefined && !(Number.isInteger(this.classId) && this.classId >= 0)) {
      throw new InvalidConfigError(owner, "classId", "an integer of at least 0", this.classId);
    }
  }

  /** From right yeses, wrong yeses and wrong noes. */
  protected abstract rate(truePositives: number, falsePositives: number, falseNegatives: number): number;

  override length(): number {
    return 3 * this.thresholds.length;
  }

  /** True positives of every threshold, then false positives, then false negatives. */
  override measure(target: Tensor, output: Tensor, sampleWeight?: Tensor): Tensor {
    const shape = alignedTargetShape(this.name, target.shape, output.shape);
    const labels = this.#chosen(cast(notEqual(reshape(target, [...shape]), 0), "float32"));
    const scores = this.#chosen(this.topK === undefined ? output : onlyTop(output, this.topK));
    const limits = tensor([...this.thresholds], [this.thresholds.length, 1], "float32");
    const yes = cast(greater(reshape(scores, [1, -1]), limits), "float32");
    const weigh = sampleWeight ? this.#weigh(sampleWeight, shape) : (x: Tensor): Tensor => x;
    const right = weigh(reshape(labels, [1, -1]));
    const truePositives = sum<Tensor>(mul(yes, right), -1);
    const falsePositives = sub(sum(weigh(yes), -1), truePositives);
    const falseNegatives = sub(sum(right), truePositives);
    return concat1d([truePositives, falsePositives, falseNegatives].map((counts) => reshape<Rank.R1>(counts, [-1])));
  }

  override count(output: FixedShape): number {
    return sizeOf(output);
  }

  override result(sums: Float64Array): MetricValue {
    const many = this.thresholds.length;
    const rates = this.thresholds.map((_, index) =>
      this.rate(sums[index] ?? 0, sums[many + index] ?? 0, sums[2 * many + index] ?? 0),
    );
    return many === 1 ? (rates[0] ?? 0) : rates;
  }

  #weigh(sampleWeight: Tensor, shape: FixedShape): (x: Tensor) => Tensor {
    const weights = reshape(this.#chosen(weightsFor(this.name, sampleWeight, shape)), [1, -1]);
    return (x) => mul(x, weights);
  }

  #chosen(x: Tensor): Tensor {
    if (this.classId === undefined) return x;
    return gather(x, tensor([this.classId], [1], "int32"), x.rank - 1);
  }
}

/** The `k` largest of each row, the first of equal ones, and something below every threshold in place of the others. */
function onlyTop(output: Tensor, k: number): Tensor {
  const classes = output.shape.at(-1) ?? 1;
  const { indices } = topk(output, k);
  const mask = sum<Tensor>(oneHot(cast(indices, "int32"), classes, 1, 0, "float32"), -2);
  return add(mul(output, mask), mul(sub(1, mask), belowAll));
}

/**
 * The share of yeses that are right; 0 while there is none.
 *
 * Shape: target and output `[batch, ..., units]`; a target may leave out `units` if it is 1.
 * Source: Keras 3 `Precision`.
 */
export class Precision extends ThresholdMetric {
  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: PrecisionConfig = {}) {
    super("Precision", "precision", config);
  }

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
 */
export class Recall extends ThresholdMetric {
  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: RecallConfig = {}) {
    super("Recall", "recall", config);
  }

  protected override rate(truePositives: number, _falsePositives: number, falseNegatives: number): number {
    return ratio(truePositives, truePositives + falseNegatives);
  }
}
