import type { Options, RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { grayscale } from "@featuremap/operations";
import { augmentationOptions, drawEach } from "../augmentation-layer.ts";
import { type ColorConfig, ColorLayer, type FactorOfEach, colorOptions } from "./color-layer.ts";
import type { Factor } from "../factor.ts";
import { eachImage } from "../image-transform-layer.ts";
import type { ImageShape } from "../../../config/options.ts";

export interface RandomColorDegenerationConfig extends ColorConfig {
  /** In [-1, 1]: 1 for grey, 0 for the image itself, below 0 for stronger colors. */
  readonly factor: Factor;
}

const declared = colorOptions({ least: -1, most: 1 });

/**
 * Mixes each image with its grey version, by a factor drawn for it, while training; prediction leaves images as they are.
 *
 * `y = x + factor (grey - x)`, kept within the value range; grey images stay as they are.
 * Shape: `[batch, height, width, 3 or 1]` to the same shape. Source: Keras `RandomColorDegeneration`.
 * @differs takes grey images in a graph, too
 *
 * @throws {InvalidConfigError} an option is out of its range.
 * @throws {ShapeError} images have neither 3 channels nor 1.
 */
export class RandomColorDegeneration extends ColorLayer<RandomColorDegenerationConfig, FactorOfEach> {
  static override readonly className: string = "RandomColorDegeneration";
  static override readonly options: Options<RandomColorDegenerationConfig> = { ...declared, ...augmentationOptions };

  constructor(config: RandomColorDegenerationConfig) {
    super(config, declared);
  }

  protected override get channelCounts(): readonly number[] {
    return [1, 3];
  }

  protected override drawTransformation(images: ImageShape, random: RandomStream): FactorOfEach {
    return { factor: drawEach(random, images, this.factor) };
  }

  protected override transform(images: tf.Tensor, { factor }: FactorOfEach): tf.Tensor {
    const mixed = tf.add(images, tf.mul(eachImage(factor), tf.sub(grayscale(images), images)));
    return tf.clipByValue(mixed, ...this.valueRange);
  }
}
