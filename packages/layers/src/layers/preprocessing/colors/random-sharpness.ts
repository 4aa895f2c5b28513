import type { Options, RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { filterImages } from "@featuremap/operations";
import { augmentationOptions, drawEach } from "../augmentation-layer.ts";
import { type ColorConfig, ColorLayer, type FactorOfEach, colorOptions } from "./color-layer.ts";
import type { Factor } from "../factor.ts";
import { eachImage } from "../image-transform-layer.ts";
import type { ImageShape } from "../../../config/options.ts";

export interface RandomSharpnessConfig extends ColorConfig {
  /** In [0, 1]: 0 for blurred, 0.5 for the image itself, 1 for sharper. */
  readonly factor: Factor;
}

const others = 1 / 13;
const smoothing = [others, others, others, others, 5 / 13, others, others, others, others];

const declared = colorOptions({ least: 0, most: 1 });

/**
 * Blurs or sharpens each image, by a factor drawn for it, while training; prediction leaves images as they are.
 *
 * `y = x + (1 - 2 factor) (smoothed - x)`, kept within the value range.
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `RandomSharpness`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 */
export class RandomSharpness extends ColorLayer<RandomSharpnessConfig, FactorOfEach> {
  static override readonly className: string = "RandomSharpness";
  static override readonly options: Options<RandomSharpnessConfig> = { ...declared, ...augmentationOptions };

  constructor(config: RandomSharpnessConfig) {
    super(config, declared);
  }

  protected override drawTransformation(images: ImageShape, random: RandomStream): FactorOfEach {
    return { factor: drawEach(random, images, this.factor) };
  }

  protected override transform(images: tf.Tensor, { factor }: FactorOfEach): tf.Tensor {
    const difference = tf.sub(filterImages(images, smoothing, [3, 3]), images);
    const shares = eachImage(factor.map((sharpness) => 1 - 2 * sharpness));
    return tf.clipByValue(tf.add(images, tf.mul(shares, difference)), ...this.valueRange);
  }
}
