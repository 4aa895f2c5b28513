import { type FixedShape, sizeOf } from "@featuremap/tensor";
import type { PlainOptions } from "../../config/configured.ts";
import { anyNumberOption } from "../../config/kinds.ts";
import { type Tensor, cast, equal, greater, reshape } from "@tensorflow/tfjs-core";
import { alignedTargetShape } from "../../losses/align-shapes.ts";
import { type MetricConfig, metricOptions } from "../metric.ts";
import { MatchRate } from "./match-rate.ts";

export interface BinaryAccuracyConfig extends MetricConfig {
  /** Outputs above it mean yes. Default: 0.5, also where outputs are logits, as in Keras. */
  readonly threshold?: number;
}

/**
 * How often an output is on the label's side of a threshold.
 *
 * Shape: target and output `[batch, ..., units]`; a target may leave out `units` if it is 1.
 * Source: Keras 3 `BinaryAccuracy`.
 */
export class BinaryAccuracy extends MatchRate {
  static override readonly className: string = "BinaryAccuracy";
  static override readonly options: PlainOptions<BinaryAccuracyConfig> = {
    ...metricOptions,
    threshold: anyNumberOption().default(0.5),
  };
  readonly threshold: number;

  /** @throws {InvalidConfigError} an option is unknown. */
  constructor(config: BinaryAccuracyConfig = {}) {
    super(config);
    this.threshold = this.settle(config, BinaryAccuracy.options).threshold;
  }

  protected override matches(target: Tensor, output: Tensor): Tensor {
    const shape = alignedTargetShape(this.name, target.shape, output.shape);
    const labels = reshape(cast(target, "float32"), shape as number[]);
    return equal(cast(greater(output, this.threshold), "float32"), labels);
  }

  override count(output: FixedShape): number {
    return sizeOf(output);
  }
}
