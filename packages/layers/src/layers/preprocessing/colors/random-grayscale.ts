import { Option, type Options, type RandomStream } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { grayscale } from "@featuremap/operations";
import type { ImageShape } from "../../../config/options.ts";
import { type AugmentationConfig, AugmentationLayer, augmentationOptions } from "../augmentation-layer.ts";
import { chooseImages } from "../image-transform-layer.ts";

export interface RandomGrayscaleConfig extends AugmentationConfig {
  /** Chance that an image turns grey, in [0, 1]. Default: 0.5. */
  readonly factor?: number | undefined;
}

/** Whether each image turns grey. */
export interface Grayscale {
  readonly shouldApply: readonly boolean[];
}

const declared = { factor: Option.range(0, 1).notNull().default(0.5) };

/**
 * Turns some images grey while training, and keeps their number of channels; prediction leaves images as they are.
 *
 * Shape: `[batch, height, width, 3 or 1]` to the same shape. Source: Keras `RandomGrayscale`.
 * @differs its config keeps the seed; Keras 3.15 does not save it
 *
 * @throws {InvalidConfigError} the factor is outside [0, 1], or the seed is not an integer in [0, 2^32).
 * @throws {ShapeError} images have neither 3 channels nor 1.
 */
export class RandomGrayscale extends AugmentationLayer<RandomGrayscaleConfig, Grayscale> {
  static override readonly className: string = "RandomGrayscale";
  static override readonly options: Options<RandomGrayscaleConfig> = { ...declared, ...augmentationOptions };
  readonly factor: number;

  constructor(config: RandomGrayscaleConfig = {}) {
    super(config);
    ({ factor: this.factor } = this.settle(declared));
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
    // Keras takes a seed, but never saves it.
    return { ...config, ...(seed !== null && { seed }) };
  }
}
