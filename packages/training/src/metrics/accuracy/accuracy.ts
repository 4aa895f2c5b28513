import { type FixedShape, type OptionNames, sizeOf } from "@featuremap/tensor";
import { checkOptions } from "../../config/check-options.ts";
import { type Tensor, cast, equal, reshape } from "@tensorflow/tfjs-core";
import { alignedTargetShape } from "../../losses/align-shapes.ts";
import { MatchRate } from "./match-rate.ts";

/** What every metric takes beside its own options. */
export interface MetricConfig {
  /** Its key in logs and histories. Default: the class's name in snake_case, as in Keras. */
  readonly name?: string;
}

/** For other metrics to list their own options beside. */
export const metricOptions: OptionNames<MetricConfig> = { name: true };

/**
 * How often an output equals its label exactly.
 *
 * Shape: target and output `[batch, ...]`; one last axis of length 1 may be missing. The name `accuracy` in a trainer
 * stands for the accuracy that suits the data instead, as in Keras.
 * Source: Keras 3 `Accuracy`.
 */
export class Accuracy extends MatchRate {
  static override readonly className: string = "Accuracy";
  /** @throws {InvalidConfigError} an option is unknown. */
  constructor(config: MetricConfig = {}) {
    checkOptions("Accuracy", config, metricOptions);
    super(config.name ?? "accuracy");
  }

  protected override matches(target: Tensor, output: Tensor): Tensor {
    const shape = alignedTargetShape(this.name, target.shape, output.shape);
    return equal(reshape(cast(target, "float32"), [...shape]), output);
  }

  override count(output: FixedShape): number {
    return sizeOf(output);
  }
}
