import type { OptionNames } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../config-reader.ts";
import {
  type AugmentationConfig,
  AugmentationLayer,
  type Factor,
  augmentationOptions,
  readAugmentationConfig,
  requireFactor,
  requireValueRange,
} from "./augmentation-layer.ts";
import type { ImageShape } from "./options.ts";

export interface RandomContrastConfig extends AugmentationConfig {
  /**
   * In [0, 1]. Two numbers `[a, b]` for contrasts from `1 - a` to `1 + b`; a number `f`, as in Keras 3.15, for contrasts
   * from 1 to `1 + f`.
   */
  readonly factor: Factor;
  /** Smallest and largest value of a pixel; [0, 255] unless said otherwise. */
  readonly valueRange?: readonly [number, number] | undefined;
}

/** How much each image differs from its mean afterwards, as a share of before. */
export interface Contrast {
  readonly contrastFactor: readonly number[];
}

/**
 * Changes the contrast of each image by a factor of its own while training; prediction gives images back.
 *
 * `y = (x - mean) factor + mean`, the mean of each channel of each image, kept within the value range.
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `RandomContrast`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 */
export class RandomContrast extends AugmentationLayer<RandomContrastConfig, Contrast> {
  static override readonly className = "RandomContrast";
  static override readonly options: OptionNames<RandomContrastConfig> = {
    factor: true,
    valueRange: true,
    ...augmentationOptions,
  };
  readonly factor: readonly [number, number];
  readonly valueRange: readonly [number, number];

  constructor(config: RandomContrastConfig) {
    super(config);
    this.factor = requireFactor("RandomContrast", "factor", config.factor, { least: 0, most: 1 });
    this.valueRange = requireValueRange("RandomContrast", config.valueRange ?? [0, 255]);
  }

  protected override drawTransformation(images: ImageShape): Contrast {
    const [below, above] = this.factor;
    return { contrastFactor: this.drawEach(images, 1 - below, 1 + above) };
  }

  protected override transform(images: tf.Tensor, { contrastFactor }: Contrast): tf.Tensor {
    const mean = tf.mean(images, [1, 2], true);
    const factors = tf.tensor([...contrastFactor], [contrastFactor.length, 1, 1, 1]);
    return tf.clipByValue(tf.add(tf.mul(tf.sub(images, mean), factors), mean), ...this.valueRange);
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), factor: this.factor, value_range: this.valueRange };
  }

  static fromConfig(reader: ConfigReader): RandomContrast {
    const range = reader.pair("value_range");
    return new RandomContrast({
      ...readAugmentationConfig(reader),
      factor: reader.pair("factor") ?? Number.NaN,
      valueRange: typeof range === "number" ? reader.fail("value_range", "two numbers", range) : range,
    });
  }
}
