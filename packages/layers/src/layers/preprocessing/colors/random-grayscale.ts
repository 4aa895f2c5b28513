import { InvalidConfigError, type OptionNames, type RandomStream } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../../config/config-reader.ts";
import { grayscale } from "@featuremap/operations";
import {
  type AugmentationConfig,
  AugmentationLayer,
  augmentationOptions,
  readAugmentationConfig,
} from "../augmentation-layer.ts";
import { chooseImages } from "../image-transform-layer.ts";
import { type ImageShape, isWithin } from "../../../config/options.ts";

export interface RandomGrayscaleConfig extends AugmentationConfig {
  /** Chance of an image, in [0, 1]. Default: 0.5. */
  readonly factor?: number | undefined;
}

/** Whether each image turns grey. */
export interface Grayscale {
  readonly shouldApply: readonly boolean[];
}

/**
 * Turns some images grey while training, with as many channels as before; prediction gives images back.
 *
 * Shape: `[batch, height, width, 3 or 1]` to the same shape. Source: Keras `RandomGrayscale`.
 * @differs its config keeps the seed; Keras 3.15 does not save it
 *
 * @throws {InvalidConfigError} the factor is outside [0, 1], or the seed is not an integer in [0, 2^32).
 * @throws {ShapeError} images have neither 3 channels nor 1.
 */
export class RandomGrayscale extends AugmentationLayer<RandomGrayscaleConfig, Grayscale> {
  static override readonly className = "RandomGrayscale";
  static override readonly options: OptionNames<RandomGrayscaleConfig> = { factor: true, ...augmentationOptions };
  readonly factor: number;

  constructor(config: RandomGrayscaleConfig = {}) {
    super(config);
    const { factor = 0.5 } = config;
    if (!isWithin(factor, 0, 1)) throw new InvalidConfigError("RandomGrayscale", "factor", "in [0, 1]", factor);
    this.factor = factor;
  }

  protected override get channelCounts(): readonly number[] {
    return [1, 3];
  }

  protected override drawTransformation({ batch }: ImageShape, random: RandomStream): Grayscale {
    return { shouldApply: Array.from({ length: batch ?? 1 }, () => random.uniform() < this.factor) };
  }

  protected override transform(images: tf.Tensor, { shouldApply }: Grayscale): tf.Tensor {
    return chooseImages(shouldApply, grayscale(images), images);
  }

  override getConfig(): Record<string, unknown> {
    const { seed, ...config } = super.getConfig();
    // Keras takes a seed, and never saves it.
    return { ...config, factor: this.factor, ...(seed !== null && { seed }) };
  }

  static fromConfig(reader: ConfigReader): RandomGrayscale {
    return new RandomGrayscale({ ...readAugmentationConfig(reader), factor: reader.number("factor") });
  }
}
