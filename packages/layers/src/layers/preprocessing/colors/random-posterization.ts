import type { Options, RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { augmentationOptions } from "../augmentation-layer.ts";
import { type ColorConfig, ColorLayer, colorOptions } from "./color-layer.ts";
import type { Factor } from "../factor.ts";
import { eachImage } from "../image-transform-layer.ts";
import type { ImageShape } from "../../../config/options.ts";
import { bytes, toValueRange } from "../value-range.ts";

export interface RandomPosterizationConfig extends ColorConfig {
  /**
   * How many of 8 bits are kept, an integer in [1, 8] or two: drawn from 1, or from the smaller, to one below the larger; if both
   * are equal, that number.
   */
  readonly factor: Factor;
}

/** How many bits each image loses. */
export interface Posterization {
  readonly shiftFactor: readonly number[];
}

const declared = colorOptions({ least: 1, most: 8, whole: true });

/**
 * Leaves fewer different values in each image while training; prediction leaves images as they are.
 *
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `RandomPosterization`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 * @differs values outside `valueRange` continue in the same steps; Keras 3.15 converts them to bytes, which wrap around
 * beyond 255
 */
export class RandomPosterization extends ColorLayer<RandomPosterizationConfig, Posterization> {
  static override readonly className: string = "RandomPosterization";
  static override readonly options: Options<RandomPosterizationConfig> = { ...declared, ...augmentationOptions };

  constructor(config: RandomPosterizationConfig) {
    super(config, declared);
  }

  protected override drawTransformation({ batch }: ImageShape, random: RandomStream): Posterization {
    const [lower, upper] = this.factor;
    const bits = (): number => (lower === upper ? lower : lower + random.integer(upper - lower));
    return { shiftFactor: Array.from({ length: batch ?? 1 }, () => 8 - bits()) };
  }

  protected override transform(images: tf.Tensor, { shiftFactor }: Posterization): tf.Tensor {
    const steps = eachImage(shiftFactor.map((bits) => 2 ** bits));
    const values = toValueRange(images, this.valueRange, bytes);
    return toValueRange(tf.mul(tf.floor(tf.div(values, steps)), steps), bytes, this.valueRange);
  }
}
