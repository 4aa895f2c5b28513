import type { PlainOptions } from "../../config/configured.ts";
import { type Tensor, argMax, equal, reshape } from "@tensorflow/tfjs-core";
import { alignedTargetShape } from "../../losses/align-shapes.ts";
import { type MetricConfig, metricOptions } from "../metric.ts";
import { MatchRate } from "./match-rate.ts";

/**
 * How often the largest output is where the label's largest element is; of equal ones the first counts.
 *
 * Shape: target, mostly one-hot rows, and output `[batch, ..., classes]`.
 * Source: Keras 3 `CategoricalAccuracy`.
 */
export class CategoricalAccuracy extends MatchRate {
  static override readonly className: string = "CategoricalAccuracy";
  static override readonly options: PlainOptions<MetricConfig> = metricOptions;

  protected override matches(target: Tensor, output: Tensor): Tensor {
    const shape = alignedTargetShape(this.name, target.shape, output.shape);
    return equal(argMax(output, -1), argMax(reshape(target, shape as number[]), -1));
  }
}
