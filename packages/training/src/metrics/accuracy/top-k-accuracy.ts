import { Option } from "@featuremap/tensor";
import type { PlainOptions } from "../../config/configured.ts";
import {
  type Tensor,
  any,
  argMax,
  cast,
  equal,
  expandDims,
  greater,
  less,
  logicalAnd,
  mul,
  oneHot,
  reshape,
  slice,
  sub,
  sum,
} from "@tensorflow/tfjs-core";
import { alignedLabelShape, alignedTargetShape } from "../../losses/align-shapes.ts";
import { type MetricConfig, metricOptions } from "../metric.ts";
import { MatchRate } from "./match-rate.ts";

export interface TopKConfig extends MetricConfig {
  /** How many of the largest outputs count as right. Default: 5. */
  readonly k?: number;
}

export interface SparseTopKConfig extends TopKConfig {
  /** Whether outputs are class indices, the likeliest first, instead of scores. Default: false. */
  readonly fromSortedIds?: boolean;
}

const options: PlainOptions<TopKConfig> = { k: Option.integer().default(5), ...metricOptions };

/**
 * How often the label's class is among the `k` largest outputs; classes as large as the last of them count too.
 *
 * Shape: target, mostly one-hot rows, and output `[batch, ..., classes]`.
 * Source: Keras 3 `TopKCategoricalAccuracy`.
 */
export class TopKCategoricalAccuracy extends MatchRate {
  static override readonly className: string = "TopKCategoricalAccuracy";
  static override readonly options: PlainOptions<TopKConfig> = options;
  readonly k: number;

  /** @throws {InvalidConfigError} an option is unknown, or `k` is not an integer of at least 1. */
  constructor(config: TopKConfig = {}) {
    super(config);
    this.k = this.settle(config, options).k;
  }

  protected override matches(target: Tensor, output: Tensor): Tensor {
    const shape = alignedTargetShape(this.name, target.shape, output.shape);
    return inTopK(argMax(reshape(target, [...shape]), -1), output, this.k);
  }
}

/**
 * {@link TopKCategoricalAccuracy} for class indices.
 *
 * Shape: target `[batch, ...]` or `[batch, ..., 1]`, output `[batch, ..., classes]`.
 * Source: Keras 3 `SparseTopKCategoricalAccuracy`.
 */
export class SparseTopKCategoricalAccuracy extends MatchRate {
  static override readonly className: string = "SparseTopKCategoricalAccuracy";
  static override readonly options: PlainOptions<SparseTopKConfig> = {
    ...options,
    fromSortedIds: Option.flag().default(false),
  };
  readonly k: number;
  readonly fromSortedIds: boolean;

  /** @throws {InvalidConfigError} an option is unknown, or `k` is not an integer of at least 1. */
  constructor(config: SparseTopKConfig = {}) {
    super(config);
    ({ k: this.k, fromSortedIds: this.fromSortedIds } = this.settle(config, SparseTopKCategoricalAccuracy.options));
  }

  protected override matches(target: Tensor, output: Tensor): Tensor {
    const shape = alignedLabelShape(this.name, target.shape, output.shape);
    const labels = reshape(cast(target, "int32"), [...shape]);
    if (!this.fromSortedIds) return inTopK(labels, output, this.k);
    const ids = slice(output, 0, [...output.shape.slice(0, -1), Math.min(this.k, output.shape.at(-1) ?? 0)]);
    return any(equal(ids, expandDims(cast(labels, "float32"), -1)), -1);
  }
}

/** Where fewer than `k` outputs are larger than that of the label's class, and all are finite, as TensorFlow has it. */
function inTopK(labels: Tensor, output: Tensor, k: number): Tensor {
  const classes = output.shape.at(-1) ?? 1;
  const own = sum(mul(oneHot(cast(labels, "int32"), classes, 1, 0, "float32"), output), -1, true);
  const larger = sum(cast(greater(output, own), "float32"), -1);
  // Of infinity and of NaN the difference to itself is NaN.
  return logicalAnd(less(larger, k), equal(sum(sub(output, output), -1), 0));
}
