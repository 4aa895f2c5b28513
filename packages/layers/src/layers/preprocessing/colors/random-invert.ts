import type { Options, RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { augmentationOptions, drawChosen } from "../augmentation-layer.ts";
import { type ColorConfig, ColorLayer, colorOptions } from "./color-layer.ts";
import type { Factor } from "../factor.ts";
import { chooseImages } from "../image-transform-layer.ts";
import type { ImageShape } from "../../../config/options.ts";

export interface RandomInvertConfig extends ColorConfig {
  /** Chance that an image changes, in [0, 1]: drawn for each from 0 to this number, or between two. Default: 1. */
  readonly factor?: Factor | undefined;
}

/** Whether each image is inverted. */
export interface Inversion {
  readonly applyInversion: readonly boolean[];
}

const declared = colorOptions({ least: 0, most: 1 }, 1);

/**
 * Turns light into dark and dark into light, in some images, while training; prediction leaves images as they are.
 *
 * `y = largest value - x`. Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `RandomInvert`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 */
export class RandomInvert extends ColorLayer<RandomInvertConfig, Inversion> {
  static override readonly className: string = "RandomInvert";
  static override readonly options: Options<RandomInvertConfig> = { ...declared, ...augmentationOptions };

  constructor(config: RandomInvertConfig = {}) {
    super(config, declared);
  }

  protected override drawTransformation(images: ImageShape, random: RandomStream): Inversion {
    return { applyInversion: drawChosen(random, images, this.factor) };
  }

  protected override transform(images: tf.Tensor, { applyInversion }: Inversion): tf.Tensor {
    return chooseImages(applyInversion, tf.sub(this.valueRange[1], images), images);
  }
}
