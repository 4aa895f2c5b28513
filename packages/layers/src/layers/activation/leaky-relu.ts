import { Option, type Options, type Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";

export interface LeakyReLUConfig extends LayerConfig {
  /** Slope below 0. Default: 0.3. */
  readonly negativeSlope?: number | undefined;
}

const declared = { negativeSlope: Option.nonNegative().default(0.3) };

/**
 * `y = x` where `x > 0`, `y = negativeSlope x` elsewhere.
 *
 * Shape: `[batch, ...]` to the same shape. Source: Maas et al., ICML 2013; Keras `LeakyReLU`.
 *
 * @throws {InvalidConfigError} the slope is negative or not finite.
 */
export class LeakyReLU extends Layer<LeakyReLUConfig> {
  static override readonly className: string = "LeakyReLU";
  static override readonly options: Options<LeakyReLUConfig> = { ...declared, ...commonOptions };
  readonly negativeSlope: number;

  constructor(config: LeakyReLUConfig = {}) {
    super(config);
    this.negativeSlope = this.settle(declared).negativeSlope;
  }

  protected override get buildsFromShape(): boolean {
    return false;
  }

  override outputShape(input: Shape): Shape {
    return input;
  }

  override call(input: tf.Tensor): tf.Tensor {
    return tf.leakyRelu(input, this.negativeSlope);
  }
}
