import { type FixedShape, type OptionNames, sizeOf } from "@featuremap/tensor";
import { checkOptions } from "../../config/check-options.ts";
import { type Tensor, cast, equal, greater, reshape } from "@tensorflow/tfjs-core";
import { alignedTargetShape } from "../../losses/align-shapes.ts";
import { type MetricConfig, metricOptions } from "./accuracy.ts";
import { MatchRate } from "./match-rate.ts";

export interface BinaryAccuracyConfig extends MetricConfig {
  /** Outputs above it mean yes. Default: 0.5, also where outputs are logits, as in Keras. */
  readonly threshold?: number;
}

const options: OptionNames<BinaryAccuracyConfig> = { ...metricOptions, threshold: true };

/**
 * How often an output is on the label's side of a threshold.
 *
 * Shape: target and output `[batch, ..., units]`; a target may leave out `units` if it is 1.
 * Source: Keras 3 `BinaryAccuracy`.
 */
export class BinaryAccuracy extends MatchRate {
  static override readonly className: string = "BinaryAccuracy";
  readonly threshold: number;

  /** @throws {InvalidConfigError} an option is unknown. */
  constructor(config: BinaryAccuracyConfig = {}) {
    checkOptions("BinaryAccuracy", config, options);
    super(config.name ?? "binary_accuracy");
    this.threshold = config.threshold ?? 0.5;
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
