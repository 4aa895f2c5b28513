import type { Options, RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { hsvFromRgb, rgbFromHsv } from "@featuremap/operations";
import { augmentationOptions, drawEach } from "../augmentation-layer.ts";
import { type ColorConfig, ColorLayer, type FactorOfEach, colorOptions } from "./color-layer.ts";
import type { Factor } from "../factor.ts";
import { eachImage } from "../image-transform-layer.ts";
import type { ImageShape } from "../../../config/options.ts";
import { type ValueRange, toValueRange } from "../value-range.ts";

export interface RandomHueConfig extends ColorConfig {
  /** Share of half a turn of the color wheel, in [0, 1]: 0.2 for up to a tenth of the wheel either way, or between two. */
  readonly factor: Factor;
}

const shares: ValueRange = [0, 1];

const declared = colorOptions({ least: 0, most: 1 });

/**
 * Turns the colors of each image round the color wheel, by an angle drawn for it, while training; prediction leaves images as
 * they are.
 *
 * Shape: `[batch, height, width, 3]` to the same shape. Source: Keras `RandomHue`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 * @throws {ShapeError} images do not have 3 channels.
 */
export class RandomHue extends ColorLayer<RandomHueConfig, FactorOfEach> {
  static override readonly className: string = "RandomHue";
  static override readonly options: Options<RandomHueConfig> = { ...declared, ...augmentationOptions };

  constructor(config: RandomHueConfig) {
    super(config, declared);
  }

  protected override get channelCounts(): readonly number[] {
    return [3];
  }

  protected override drawTransformation(images: ImageShape, random: RandomStream): FactorOfEach {
    const turns = drawEach(random, images, this.factor);
    return { factor: turns.map((share) => (random.uniform() > 0.5 ? -share : share) * 0.5) };
  }

  protected override transform(images: tf.Tensor, { factor }: FactorOfEach): tf.Tensor {
    const [hue, saturation, value] = hsvFromRgb(toValueRange(images, this.valueRange, shares));
    const turned = tf.add(hue, eachImage(factor));
    const below = tf.where(tf.greater(turned, 1), tf.sub(turned, 1), turned);
    const within = tf.where(tf.less(below, 0), tf.add(below, 1), below);
    const colored = tf.clipByValue(rgbFromHsv(within, saturation, value), 0, 1);
    return toValueRange(colored, shares, this.valueRange);
  }
}
