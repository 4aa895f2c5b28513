import { type FixedShape, sizeOf } from "@featuremap/tensor";
import type { PlainOptions } from "../../config/configured.ts";
import { type Tensor, cast, equal, reshape } from "@tensorflow/tfjs-core";
import { alignedTargetShape } from "../../losses/align-shapes.ts";
import { type MetricConfig, metricOptions } from "../metric.ts";
import { MatchRate } from "./match-rate.ts";

/**
 * How often an output equals its label exactly.
 *
 * Shape: target and output `[batch, ...]`; one last axis of length 1 may be missing. The name `accuracy` in a trainer
 * stands for the accuracy that suits the data instead, as in Keras.
 * Source: Keras 3 `Accuracy`.
 */
export class Accuracy extends MatchRate {
  static override readonly className: string = "Accuracy";
  static override readonly options: PlainOptions<MetricConfig> = metricOptions;

  protected override matches(target: Tensor, output: Tensor): Tensor {
    const shape = alignedTargetShape(this.name, target.shape, output.shape);
    return equal(reshape(cast(target, "float32"), [...shape]), output);
  }

  override count(output: FixedShape): number {
    return sizeOf(output);
  }
}
