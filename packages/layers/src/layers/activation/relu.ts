import { Option, type Options, type Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";

export interface ReLUConfig extends LayerConfig {
  /** The largest output. Default: none. */
  readonly maxValue?: number | null | undefined;
  /** Slope below the threshold. Default: 0. */
  readonly negativeSlope?: number | undefined;
  /** Inputs up to it count as negative. Default: 0. */
  readonly threshold?: number | undefined;
}

const declared = {
  maxValue: Option.nonNegative().orNull(),
  negativeSlope: Option.nonNegative().notNull().default(0),
  threshold: Option.nonNegative().notNull().default(0),
};

/**
 * `y = min(x, maxValue)` where `x > threshold`, `y = negativeSlope (x - threshold)` elsewhere.
 *
 * Shape: `[batch, ...]` to the same shape. Source: Keras `ReLU`.
 *
 * @throws {InvalidConfigError} an option is negative or not finite.
 */
export class ReLU extends Layer<ReLUConfig> {
  static override readonly className: string = "ReLU";
  static override readonly options: Options<ReLUConfig> = { ...declared, ...commonOptions };
  readonly maxValue: number | null;
  readonly negativeSlope: number;
  readonly threshold: number;

  constructor(config: ReLUConfig = {}) {
    super(config);
    const { maxValue, negativeSlope, threshold } = this.settle(declared);
    this.maxValue = maxValue;
    this.negativeSlope = negativeSlope;
    this.threshold = threshold;
  }

  protected override get buildsFromShape(): boolean {
    return false;
  }

  override outputShape(input: Shape): Shape {
    return input;
  }

  override call(input: tf.Tensor): tf.Tensor {
    const { maxValue, negativeSlope, threshold } = this;
    if (negativeSlope !== 0 && maxValue === null && threshold === 0) return tf.leakyRelu(input, negativeSlope);
    const positive = this.#positive(input);
    if (negativeSlope === 0) return positive;
    return tf.sub(positive, tf.mul(tf.relu(tf.sub(threshold, input)), negativeSlope));
  }

  #positive(input: tf.Tensor): tf.Tensor {
    const { maxValue, threshold } = this;
    if (threshold === 0 && maxValue === 6) return tf.relu6(input);
    const kept = threshold === 0 ? tf.relu(input) : tf.where(tf.greater(input, threshold), input, tf.zerosLike(input));
    return maxValue === null ? kept : tf.clipByValue(kept, 0, maxValue);
  }
}
