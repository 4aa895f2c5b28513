import type { Options, RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { hsvFromRgb, rgbFromHsv } from "@featuremap/operations";
import { augmentationOptions, drawEach } from "../augmentation-layer.ts";
import { type ColorConfig, ColorLayer, type FactorOfEach, colorOptions } from "./color-layer.ts";
import type { Factor } from "../factor.ts";
import { eachImage } from "../image-transform-layer.ts";
import type { ImageShape } from "../../../config/options.ts";

export interface RandomSaturationConfig extends ColorConfig {
  /** In [-1, 1]: 0.5 leaves colors as they are, 0 and below turn them grey, and near 1 they become as strong as possible. */
  readonly factor: Factor;
}

/** Keras's `epsilon()`. */
const epsilon = 1e-7;

const declared = colorOptions({ least: -1, most: 1 });

/**
 * Makes the colors of each image stronger or weaker, by a factor drawn for it, while training; prediction leaves images as
 * they are.
 *
 * The saturation is multiplied by `factor / (1 - factor)` and, as in Keras 3.15, kept within the value range: with [0, 1] it is a
 * saturation; with [0, 255] it may exceed 1, and pixels may fall below 0.
 * Shape: `[batch, height, width, 3]` to the same shape. Source: Keras `RandomSaturation`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 * @throws {ShapeError} images do not have 3 channels.
 */
export class RandomSaturation extends ColorLayer<RandomSaturationConfig, FactorOfEach> {
  static override readonly className: string = "RandomSaturation";
  static override readonly options: Options<RandomSaturationConfig> = { ...declared, ...augmentationOptions };

  constructor(config: RandomSaturationConfig) {
    super(config, declared);
  }

  protected override get channelCounts(): readonly number[] {
    return [3];
  }

  protected override drawTransformation(images: ImageShape, random: RandomStream): FactorOfEach {
    return { factor: drawEach(random, images, this.factor).map((factor) => factor / (1 - factor + epsilon)) };
  }

  protected override transform(images: tf.Tensor, { factor }: FactorOfEach): tf.Tensor {
    const [hue, saturation, value] = hsvFromRgb(images);
    return rgbFromHsv(hue, tf.clipByValue(tf.mul(saturation, eachImage(factor)), ...this.valueRange), value);
  }
}
