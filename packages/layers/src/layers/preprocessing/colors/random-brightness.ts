import type { Options, RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { augmentationOptions, drawEach } from "../augmentation-layer.ts";
import { type ColorConfig, ColorLayer, colorOptions } from "./color-layer.ts";
import type { Factor } from "../factor.ts";
import { eachImage } from "../image-transform-layer.ts";
import type { ImageShape } from "../../../config/options.ts";

export interface RandomBrightnessConfig extends ColorConfig {
  /** Share of the value range, in [-1, 1]: 0.2 for darker or lighter by up to a fifth, or the smallest and the largest. */
  readonly factor: Factor;
}

/** What is added to each image. */
export interface Brightness {
  readonly rgbDelta: readonly number[];
}

const declared = colorOptions({ least: -1, most: 1 });

/**
 * Makes each image lighter or darker, by a number drawn for it, while training; prediction leaves images as they are.
 *
 * Values stay within the value range.
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `RandomBrightness`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 */
export class RandomBrightness extends ColorLayer<RandomBrightnessConfig, Brightness> {
  static override readonly className: string = "RandomBrightness";
  static override readonly options: Options<RandomBrightnessConfig> = { ...declared, ...augmentationOptions };

  constructor(config: RandomBrightnessConfig) {
    super(config, declared);
  }

  protected override drawTransformation(images: ImageShape, random: RandomStream): Brightness {
    const [smallest, largest] = this.valueRange;
    const range = largest - smallest;
    return { rgbDelta: drawEach(random, images, this.factor).map((share) => share * range) };
  }

  protected override transform(images: tf.Tensor, { rgbDelta }: Brightness): tf.Tensor {
    return tf.clipByValue(tf.add(images, eachImage(rgbDelta)), ...this.valueRange);
  }
}
