import { Option, type Options, type Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { dropout } from "@featuremap/operations";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { type CallContext, Layer } from "../../layer/layer.ts";

export interface StochasticDepthConfig extends LayerConfig {
  /** Probability that an example drops, in [0, 1]. */
  readonly dropPathRate: number;
}

const declared = { dropPathRate: Option.range(0, 1) };

/**
 * Zeroes random examples of a batch as wholes while training, and rescales the rest so the mean is kept: of a residual block the
 * example then takes the shortcut alone.
 *
 * Shape: `[batch, ...]` to the same shape. Prediction: `y = x`.
 * Source: Huang et al., ECCV 2016; Keras `StochasticDepth`, which it keeps private to ConvNeXt.
 *
 * @throws {InvalidConfigError} `dropPathRate` is outside [0, 1].
 * @differs where the rate is 1 nothing is kept; in Keras 3.15 the outputs are then NaN
 */
export class StochasticDepth extends Layer<StochasticDepthConfig> {
  static override readonly className: string = "StochasticDepth";
  static override readonly options: Options<StochasticDepthConfig> = { ...declared, ...commonOptions };
  readonly dropPathRate: number;

  constructor(config: StochasticDepthConfig) {
    super(config);
    ({ dropPathRate: this.dropPathRate } = this.settle(declared));
  }

  protected override get privateModule(): string {
    return "keras.src.applications.convnext";
  }

  override outputShape(input: Shape): Shape {
    return input;
  }

  override call(input: tf.Tensor, { training }: CallContext): tf.Tensor {
    if (!training || this.dropPathRate === 0) return input;
    const maskShape = input.shape.map((length, axis) => (axis === 0 ? length : 1));
    return dropout(input, this.dropPathRate, this.draws.uint32(), maskShape);
  }
}
