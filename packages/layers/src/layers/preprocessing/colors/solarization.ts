import type { Option, Options, RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ImageShape } from "../../../config/options.ts";
import { type AugmentationConfig, AugmentationLayer, augmentationOptions, drawEach } from "../augmentation-layer.ts";
import { type Factor, type FactorRange, factorOption } from "../factor.ts";
import { eachImage } from "../image-transform-layer.ts";
import { type ValueRange, type ValueRangeConfig, bytes, toValueRange, valueRangeOption } from "../value-range.ts";

export interface SolarizationConfig extends AugmentationConfig, ValueRangeConfig {
  /** Largest share of the value range that is added to pixels first, in [0, 1]; or two numbers, see below. Default: 0. */
  readonly additionFactor?: Factor | undefined;
  /** Largest share of the value range below which pixels are kept, in [0, 1]; or two numbers, see below. Default: 0. */
  readonly thresholdFactor?: Factor | undefined;
}

/** The number added to each image, and the threshold from which it is inverted; both in [0, 255]. */
export interface SolarizationOfEach {
  readonly additions: readonly number[];
  readonly thresholds: readonly number[];
}

/** One number stands for the range from 0 to it. */
function shareOption(): Option<Factor | undefined, FactorRange> {
  return factorOption({ least: 0, most: 1 }, (factor) => [0, factor])
    .notNull()
    .default(0);
}

const declared = { additionFactor: shareOption(), thresholdFactor: shareOption(), valueRange: valueRangeOption() };

/**
 * Turns light pixels into dark ones while training; prediction leaves images as they are.
 *
 * With `y = x + addition`, in [0, 255]: `y` below the threshold, else `255 - y`; addition and threshold are drawn for each image.
 * As in Keras 3.15, they lie between the smaller factor itself and 255 times the larger one.
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `Solarization`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 */
export class Solarization extends AugmentationLayer<SolarizationConfig, SolarizationOfEach> {
  static override readonly className: string = "Solarization";
  static override readonly options: Options<SolarizationConfig> = { ...declared, ...augmentationOptions };
  readonly additionFactor: FactorRange;
  readonly thresholdFactor: FactorRange;
  readonly valueRange: ValueRange;

  constructor(config: SolarizationConfig = {}) {
    super(config);
    const values = this.settle(declared);
    this.additionFactor = values.additionFactor;
    this.thresholdFactor = values.thresholdFactor;
    this.valueRange = values.valueRange;
  }

  protected override drawTransformation(images: ImageShape, random: RandomStream): SolarizationOfEach {
    const draw = ([lower, upper]: FactorRange): number[] => drawEach(random, images, [lower, upper * 255]);
    return { additions: draw(this.additionFactor), thresholds: draw(this.thresholdFactor) };
  }

  protected override transform(images: tf.Tensor, { additions, thresholds }: SolarizationOfEach): tf.Tensor {
    const values = toValueRange(images, this.valueRange, bytes);
    const lighter = tf.clipByValue(tf.add(values, eachImage(additions)), 0, 255);
    const turned = tf.where(tf.less(lighter, eachImage(thresholds)), lighter, tf.sub(255, lighter));
    return toValueRange(turned, bytes, this.valueRange);
  }
}
