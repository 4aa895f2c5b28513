import { type FixedShape, sizeOf } from "@featuremap/tensor";
import type { PlainOptions } from "../config/configured.ts";
import { anyNumberOption } from "../config/kinds.ts";
import { type Tensor, argMax, cast, greater, matMul, mul, oneHot, reshape } from "@tensorflow/tfjs-core";
import { alignedLabelShape } from "../losses/align-shapes.ts";
import { Metric, type MetricConfig, type MetricValue, metricOptions, weightsFor } from "./metric.ts";

export interface ConfusionMatrixConfig extends MetricConfig {
  /** For one output unit: outputs above it mean class 1. Default: 0.5. */
  readonly threshold?: number;
}

/**
 * How often each class was taken for each: row by row, the right class first; in logs `confusion_matrix_<right>_<taken>`.
 *
 * Shape: target, class indices or one-hot rows, and output `[batch, ..., classes]`; or yes-or-no labels and one unit.
 * Source: TensorFlow `tf.math.confusion_matrix`; Keras has no such metric.
 */
export class ConfusionMatrix extends Metric {
  static override readonly className: string = "ConfusionMatrix";
  static override readonly options: PlainOptions<ConfusionMatrixConfig> = {
    ...metricOptions,
    threshold: anyNumberOption().default(0.5),
  };
  readonly threshold: number;

  /** @throws {InvalidConfigError} an option is unknown. */
  constructor(config: ConfusionMatrixConfig = {}) {
    super(config, "up");
    this.threshold = this.settle(config, ConfusionMatrix.options).threshold;
  }

  override length(output: FixedShape): number {
    return classCount(output) ** 2;
  }

  override measure(target: Tensor, output: Tensor, sampleWeight?: Tensor): Tensor {
    const classes = classCount(output.shape);
    const hot = (indices: Tensor): Tensor => oneHot(reshape(cast(indices, "int32"), [-1]), classes, 1, 0, "float32");
    const taken = output.shape.at(-1) === 1 ? greater(output, this.threshold) : argMax(output, -1);
    const right = hot(this.#right(target, output.shape));
    const weights = sampleWeight && weightsFor(this.name, sampleWeight, output.shape.slice(0, -1));
    const rows = weights ? mul(right, reshape(weights, [-1, 1])) : right;
    return reshape(matMul(rows, hot(taken), true, false), [-1]);
  }

  override count(output: FixedShape): number {
    return sizeOf(output.slice(0, -1));
  }

  override result(sums: Float64Array): readonly number[] {
    return [...sums];
  }

  override entries(value: MetricValue): readonly (readonly [string, number])[] {
    const counts = typeof value === "number" ? [value] : value;
    const classes = Math.sqrt(counts.length);
    return counts.map((count, index) => [`${this.name}_${Math.floor(index / classes)}_${index % classes}`, count]);
  }

  #right(target: Tensor, output: FixedShape): Tensor {
    const oneHotRows = target.rank === output.length && target.shape.at(-1) !== 1;
    if (oneHotRows) return argMax(target, -1);
    alignedLabelShape(this.name, target.shape, output);
    return target;
  }
}

function classCount(output: FixedShape): number {
  return Math.max(output.at(-1) ?? 1, 2);
}
