import type { OptionNames, RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../../config/config-reader.ts";
import {
  type AugmentationConfig,
  AugmentationLayer,
  type Factor,
  augmentationOptions,
  drawEach,
  readAugmentationConfig,
  requireFactor,
} from "../augmentation-layer.ts";
import { eachImage } from "../image-transform-layer.ts";
import { type ImageShape, isList } from "../../../config/options.ts";
import {
  type ValueRange,
  type ValueRangeConfig,
  bytes,
  readValueRange,
  requireValueRange,
  toValueRange,
} from "../value-range.ts";

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
  static override readonly options: OptionNames<SolarizationConfig> = {
    additionFactor: true,
    thresholdFactor: true,
    valueRange: true,
    ...augmentationOptions,
  };
  readonly additionFactor: readonly [number, number];
  readonly thresholdFactor: readonly [number, number];
  readonly valueRange: ValueRange;

  constructor(config: SolarizationConfig = {}) {
    super(config);
    this.additionFactor = requireShare("additionFactor", config.additionFactor);
    this.thresholdFactor = requireShare("thresholdFactor", config.thresholdFactor);
    this.valueRange = requireValueRange("Solarization", config.valueRange);
  }

  protected override drawTransformation(images: ImageShape, random: RandomStream): SolarizationOfEach {
    const draw = ([lower, upper]: readonly [number, number]): number[] =>
      drawEach(random, images, [lower, upper * 255]);
    return { additions: draw(this.additionFactor), thresholds: draw(this.thresholdFactor) };
  }

  protected override transform(images: tf.Tensor, { additions, thresholds }: SolarizationOfEach): tf.Tensor {
    const values = toValueRange(images, this.valueRange, bytes);
    const lighter = tf.clipByValue(tf.add(values, eachImage(additions)), 0, 255);
    const turned = tf.where(tf.less(lighter, eachImage(thresholds)), lighter, tf.sub(255, lighter));
    return toValueRange(turned, bytes, this.valueRange);
  }

  override getConfig(): Record<string, unknown> {
    const { additionFactor, thresholdFactor, valueRange } = this;
    return {
      ...super.getConfig(),
      addition_factor: additionFactor,
      threshold_factor: thresholdFactor,
      value_range: valueRange,
    };
  }

  static fromConfig(reader: ConfigReader): Solarization {
    return new Solarization({
      ...readAugmentationConfig(reader),
      additionFactor: reader.pair("addition_factor"),
      thresholdFactor: reader.pair("threshold_factor"),
      valueRange: readValueRange(reader),
    });
  }
}

/** From 0, for one number. */
function requireShare(option: string, factor: Factor = 0): readonly [number, number] {
  return requireFactor("Solarization", option, isList(factor) ? factor : [0, factor], { least: 0, most: 1 });
}
