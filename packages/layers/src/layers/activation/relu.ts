import type { OptionNames, Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../config/config-reader.ts";
import { type LayerConfig, layerOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { readLayerConfig } from "../../layer/reading/read-config.ts";
import { requireNonNegative } from "../../config/options.ts";

export interface ReLUConfig extends LayerConfig {
  /** The largest output. Default: none. */
  readonly maxValue?: number | null | undefined;
  /** Slope below the threshold. Default: 0. */
  readonly negativeSlope?: number | undefined;
  /** Inputs up to it count as negative. Default: 0. */
  readonly threshold?: number | undefined;
}

/**
 * `y = min(x, maxValue)` where `x > threshold`, `y = negativeSlope (x - threshold)` elsewhere.
 *
 * Shape: `[batch, ...]` to the same shape. Source: Keras `ReLU`.
 *
 * @throws {InvalidConfigError} an option is negative or not finite.
 */
export class ReLU extends Layer<ReLUConfig> {
  static override readonly className = "ReLU";
  static override readonly options: OptionNames<ReLUConfig> = {
    maxValue: true,
    negativeSlope: true,
    threshold: true,
    ...layerOptions,
  };
  readonly maxValue: number | null;
  readonly negativeSlope: number;
  readonly threshold: number;

  constructor(config: ReLUConfig = {}) {
    super(config);
    const { maxValue = null, negativeSlope = 0, threshold = 0 } = config;
    this.maxValue = maxValue === null ? null : requireNonNegative("ReLU", "maxValue", maxValue);
    this.negativeSlope = requireNonNegative("ReLU", "negativeSlope", negativeSlope);
    this.threshold = requireNonNegative("ReLU", "threshold", threshold);
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

  override getConfig(): Record<string, unknown> {
    const { maxValue, negativeSlope, threshold } = this;
    return { ...super.getConfig(), max_value: maxValue, negative_slope: negativeSlope, threshold };
  }

  static fromConfig(reader: ConfigReader): ReLU {
    return new ReLU({
      ...readLayerConfig(reader),
      maxValue: reader.numberOrNull("max_value"),
      negativeSlope: reader.number("negative_slope"),
      threshold: reader.number("threshold"),
    });
  }
}
