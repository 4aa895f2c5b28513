import type { Option, Options, RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ImageShape } from "../../../config/options.ts";
import { type AugmentationConfig, AugmentationLayer, augmentationOptions, drawEach } from "../augmentation-layer.ts";
import { type Factor, type FactorRange, factorOption } from "../factor.ts";
import { eachImage } from "../image-transform-layer.ts";
import { type ValueRange, type ValueRangeConfig, bytes, toValueRange, valueRangeOption } from "../value-range.ts";

export interface SolarizationConfig extends AugmentationConfig, ValueRangeConfig {
  /** Share of the value range, in [0, 1], up to which pixels get lighter first; or two, of which see below. 0 by default. */
  readonly additionFactor?: Factor | undefined;
  /** Share of the value range, in [0, 1], up to which pixels stay as they are; or two, of which see below. 0 by default. */
  readonly thresholdFactor?: Factor | undefined;
}

/** What is added to each image, and from where it is turned round; in [0, 255]. */
export interface SolarizationOfEach {
  readonly additions: readonly number[];
  readonly thresholds: readonly number[];
}

/** One number alone is the larger of two, of which the smaller is 0. */
function shareOption(): Option<Factor | undefined, FactorRange> {
  return factorOption({ least: 0, most: 1 }, (factor) => [0, factor])
    .notNull()
    .default(0);
}

const declared = { additionFactor: shareOption(), thresholdFactor: shareOption(), valueRange: valueRangeOption() };

/**
 * Turns light pixels into dark ones while training; prediction gives images back.
 *
 * With `y = x + addition`, in [0, 255]: `y` below the threshold, else `255 - y`; both drawn for each image. As in Keras 3.15,
 * they lie between the smaller factor, as a number of 255, and the larger, as a share of it.
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `Solarization`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 */
export class Solarization extends AugmentationLayer<SolarizationConfig, SolarizationOfEach> {
  static override readonly className = "Solarization";
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
