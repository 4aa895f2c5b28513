import type { Options, RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { augmentationOptions, drawEach } from "../augmentation-layer.ts";
import { type ColorConfig, ColorLayer, colorOptions } from "./color-layer.ts";
import type { Factor } from "../factor.ts";
import { eachImage } from "../image-transform-layer.ts";
import type { ImageShape } from "../../../config/options.ts";

export interface RandomContrastConfig extends ColorConfig {
  /**
   * In [0, 1]. Two numbers `[a, b]` for contrasts from `1 - a` to `1 + b`; a number `f`, as in Keras 3.15, for contrasts
   * from 1 to `1 + f`.
   */
  readonly factor: Factor;
}

/** The factor by which each image's distance from its mean changes. */
export interface Contrast {
  readonly contrastFactor: readonly number[];
}

const declared = colorOptions({ least: 0, most: 1 });

/**
 * Changes the contrast of each image, by a factor drawn for it, while training; prediction leaves images as they are.
 *
 * `y = (x - mean) factor + mean`, the mean of each channel of each image, kept within the value range.
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `RandomContrast`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 */
export class RandomContrast extends ColorLayer<RandomContrastConfig, Contrast> {
  static override readonly className: string = "RandomContrast";
  static override readonly options: Options<RandomContrastConfig> = { ...declared, ...augmentationOptions };

  constructor(config: RandomContrastConfig) {
    super(config, declared);
  }

  protected override drawTransformation(images: ImageShape, random: RandomStream): Contrast {
    const [below, above] = this.factor;
    return { contrastFactor: drawEach(random, images, [1 - below, 1 + above]) };
  }

  protected override transform(images: tf.Tensor, { contrastFactor }: Contrast): tf.Tensor {
    const mean = tf.mean(images, [1, 2], true);
    const factors = eachImage(contrastFactor);
    return tf.clipByValue(tf.add(tf.mul(tf.sub(images, mean), factors), mean), ...this.valueRange);
  }
}
