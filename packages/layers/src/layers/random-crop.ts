import type { OptionNames } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../config-reader.ts";
import { cropToProportions, resizeImages, windowOfProportions } from "../operations/resize-images.ts";
import {
  type AugmentationConfig,
  AugmentationLayer,
  augmentationOptions,
  readAugmentationConfig,
} from "./augmentation-layer.ts";
import { type ImageShape, requirePositiveInteger } from "./options.ts";

export interface RandomCropConfig extends AugmentationConfig {
  /** Height of the part. */
  readonly height: number;
  /** Width of the part. */
  readonly width: number;
}

/** Where the part begins, the same for the whole batch. */
export type Corner = readonly [top: number, left: number];

/**
 * Cuts a part out of images, at a place of its own for each batch while training, and in the middle when it predicts.
 *
 * Prediction, and training on images that are not larger in both directions, takes the largest part of the target's
 * proportions and resizes it. That is what Keras describes; Keras 3.15 itself leaves images whole when it predicts.
 * Shape: `[batch, any, any, channels]` to `[batch, height, width, channels]`. Source: Keras `RandomCrop`.
 *
 * @throws {InvalidConfigError} a length is no integer of at least 1, or the seed none in [0, 2^32).
 */
export class RandomCrop extends AugmentationLayer<RandomCropConfig, Corner> {
  static override readonly className = "RandomCrop";
  static override readonly options: OptionNames<RandomCropConfig> = {
    ...augmentationOptions,
    height: true,
    width: true,
  };
  readonly height: number;
  readonly width: number;

  constructor(config: RandomCropConfig) {
    super(config);
    this.height = requirePositiveInteger("RandomCrop", "height", config.height);
    this.width = requirePositiveInteger("RandomCrop", "width", config.width);
  }

  protected override outputImageShape(input: ImageShape): ImageShape {
    return { ...input, height: this.height, width: this.width };
  }

  protected override drawTransformation({ height, width }: ImageShape): Corner {
    const [rows, columns] = [(height ?? 1) - this.height, (width ?? 1) - this.width];
    if (rows > 0 && columns > 0) return [this.draws.integer(rows + 1), this.draws.integer(columns + 1)];
    return windowOfProportions([1, height ?? 1, width ?? 1], [this.height, this.width]).start;
  }

  protected override transform(images: tf.Tensor, [top, left]: Corner): tf.Tensor {
    const [, height = 1, width = 1] = images.shape;
    const [rows, columns] = [Math.min(this.height, height - top), Math.min(this.width, width - left)];
    return this.#resized(tf.slice(images, [0, top, left, 0], [-1, rows, columns, -1]));
  }

  protected override predict(input: tf.Tensor): tf.Tensor {
    return this.inFormat(input, (images) => this.#resized(cropToProportions(images, [this.height, this.width])));
  }

  #resized(images: tf.Tensor): tf.Tensor {
    const [, height, width] = images.shape;
    if (height === this.height && width === this.width) return images;
    return resizeImages(images, [this.height, this.width], "bilinear");
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), height: this.height, width: this.width };
  }

  static fromConfig(reader: ConfigReader): RandomCrop {
    return new RandomCrop({
      ...readAugmentationConfig(reader),
      height: reader.number("height") ?? Number.NaN,
      width: reader.number("width") ?? Number.NaN,
    });
  }
}
