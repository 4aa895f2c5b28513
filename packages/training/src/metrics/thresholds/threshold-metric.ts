import { type FixedShape, InvalidConfigError, Option, sizeOf } from "@featuremap/tensor";
import type { PlainOptions } from "../../config/configured.ts";
import { anyIntegerOption, oneOrMoreOption } from "../../config/kinds.ts";
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
import { alignedTargetShape } from "../../losses/align-shapes.ts";
import { Metric, type MetricConfig, type MetricValue, metricOptions, weightsFor } from "../metric.ts";

export interface ThresholdMetricConfig extends MetricConfig {
  /** Outputs above it mean yes; several, in [0, 1] each, give several numbers. Default: 0.5, or with `topK` none. */
  readonly thresholds?: number | readonly number[] | null;
  /** How many of the largest outputs of a row can mean yes. Default: all. */
  readonly topK?: number | null;
  /** The only unit to look at; if negative, counted from the last, which is -1. Default: all. */
  readonly classId?: number | null;
}

/** For subclasses to declare, all or some of them. */
export const thresholdOptions: PlainOptions<ThresholdMetricConfig> = {
  thresholds: oneOrMoreOption("in [0, 1]", (threshold) => threshold >= 0 && threshold <= 1).orNull(),
  topK: Option.integer().orNull(),
  classId: anyIntegerOption().orNull(),
  ...metricOptions,
};

/** So low that every output is above it. */
const belowAll = -1e10;

/** What is yes above a threshold, counted right and wrong: what precision, recall and the counts have in common. */
export abstract class ThresholdMetric extends Metric {
  static override readonly className: string = "ThresholdMetric";
  readonly thresholds: readonly number[];
  readonly topK: number | undefined;
  readonly classId: number | undefined;

  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: ThresholdMetricConfig = {}) {
    super(config, "up");
    const { thresholds, topK, classId } = this.settle(config, thresholdOptions);
    const limits = thresholds ?? (topK === null ? 0.5 : belowAll);
    this.thresholds = typeof limits === "number" ? [limits] : limits;
    this.topK = topK ?? undefined;
    this.classId = classId ?? undefined;
  }

  /** From right yeses, wrong yeses, wrong noes, and how many there are of all. */
  protected abstract rate(truePositives: number, falsePositives: number, falseNegatives: number, all: number): number;

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

  override result(sums: Float64Array, count: number): MetricValue {
    const many = this.thresholds.length;
    const rates = this.thresholds.map((_, index) =>
      this.rate(sums[index] ?? 0, sums[many + index] ?? 0, sums[2 * many + index] ?? 0, count),
    );
    return many === 1 ? (rates[0] ?? 0) : rates;
  }

  #weigh(sampleWeight: Tensor, shape: FixedShape): (x: Tensor) => Tensor {
    const weights = reshape(this.#chosen(weightsFor(this.name, sampleWeight, shape)), [1, -1]);
    return (x) => mul(x, weights);
  }

  #chosen(x: Tensor): Tensor {
    if (this.classId === undefined) return x;
    const units = x.shape.at(-1) ?? 0;
    const unit = this.classId < 0 ? this.classId + units : this.classId;
    if (unit < 0 || unit >= units) {
      throw new InvalidConfigError(
        this.name,
        "classId",
        `in [${-units}, ${units}), the units of the outputs`,
        this.classId,
      );
    }
    return gather(x, tensor([unit], [1], "int32"), x.rank - 1);
  }
}

/** The `k` largest of each row, the first of equal ones; the others become lower than every threshold. */
function onlyTop(output: Tensor, k: number): Tensor {
  const classes = output.shape.at(-1) ?? 1;
  const { indices } = topk(output, k);
  const mask = sum<Tensor>(oneHot(cast(indices, "int32"), classes, 1, 0, "float32"), -2);
  return add(mul(output, mask), mul(sub(1, mask), belowAll));
}
