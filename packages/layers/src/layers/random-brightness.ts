import type { OptionNames } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../config-reader.ts";
import {
  type AugmentationConfig,
  AugmentationLayer,
  type Factor,
  augmentationOptions,
  readAugmentationConfig,
  requireFactor,
  requireValueRange,
} from "./augmentation-layer.ts";
import type { ImageShape } from "./options.ts";

export interface RandomBrightnessConfig extends AugmentationConfig {
  /** Share of the value range, in [-1, 1]: 0.2 for darker or lighter by up to a fifth, or the smallest and the largest. */
  readonly factor: Factor;
  /** Smallest and largest value of a pixel; [0, 255] unless said otherwise. */
  readonly valueRange?: readonly [number, number] | undefined;
}

/** What is added to each image. */
export interface Brightness {
  readonly rgbDelta: readonly number[];
}

/**
 * Makes each image lighter or darker by a number of its own while training; prediction gives images back.
 *
 * Values stay within the value range.
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `RandomBrightness`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 */
export class RandomBrightness extends AugmentationLayer<RandomBrightnessConfig, Brightness> {
  static override readonly className = "RandomBrightness";
  static override readonly options: OptionNames<RandomBrightnessConfig> = {
    factor: true,
    valueRange: true,
    ...augmentationOptions,
  };
  readonly factor: readonly [number, number];
  readonly valueRange: readonly [number, number];

  constructor(config: RandomBrightnessConfig) {
    super(config);
    this.factor = requireFactor("RandomBrightness", "factor", config.factor, { least: -1, most: 1 });
    this.valueRange = requireValueRange("RandomBrightness", config.valueRange ?? [0, 255]);
  }

  protected override drawTransformation(images: ImageShape): Brightness {
    const [smallest, largest] = this.valueRange;
    const range = largest - smallest;
    return { rgbDelta: this.drawEach(images, ...this.factor).map((share) => share * range) };
  }

  protected override transform(images: tf.Tensor, { rgbDelta }: Brightness): tf.Tensor {
    const deltas = tf.tensor([...rgbDelta], [rgbDelta.length, 1, 1, 1]);
    return tf.clipByValue(tf.add(images, deltas), ...this.valueRange);
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), factor: this.factor, value_range: this.valueRange };
  }

  static fromConfig(reader: ConfigReader): RandomBrightness {
    const range = reader.pair("value_range");
    return new RandomBrightness({
      ...readAugmentationConfig(reader),
      factor: reader.pair("factor") ?? Number.NaN,
      valueRange: typeof range === "number" ? reader.fail("value_range", "two numbers", range) : range,
    });
  }
}
