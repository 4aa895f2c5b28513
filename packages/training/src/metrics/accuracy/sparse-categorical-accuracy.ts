import type { PlainOptions } from "../../config/configured.ts";
import { type Tensor, argMax, cast, equal, reshape } from "@tensorflow/tfjs-core";
import { alignedLabelShape } from "../../losses/align-shapes.ts";
import { type MetricConfig, metricOptions } from "../metric.ts";
import { MatchRate } from "./match-rate.ts";

/**
 * How often the largest output is that of the label's class; of equal outputs the first counts.
 *
 * Shape: target `[batch, ...]` or `[batch, ..., 1]` of class indices, output `[batch, ..., classes]`.
 * Source: Keras 3 `SparseCategoricalAccuracy`.
 */
export class SparseCategoricalAccuracy extends MatchRate {
  static override readonly className: string = "SparseCategoricalAccuracy";
  static override readonly options: PlainOptions<MetricConfig> = metricOptions;

  protected override matches(target: Tensor, output: Tensor): Tensor {
    const shape = alignedLabelShape(this.name, target.shape, output.shape);
    return equal(argMax(output, -1), reshape(cast(target, "int32"), shape as number[]));
  }
}
