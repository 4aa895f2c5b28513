import { Option, type Options, type RandomStream, type Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { resizeImages, windowOfProportions } from "@featuremap/operations";
import type { ImageShape } from "../../../config/options.ts";
import { type AugmentationConfig, AugmentationLayer, augmentationOptions } from "../augmentation-layer.ts";

export interface RandomCropConfig extends AugmentationConfig {
  /** Height of the part. */
  readonly height: number;
  /** Width of the part. */
  readonly width: number;
}

/** The top left corner of the part, which is the same for the whole batch. */
export type Corner = readonly [top: number, left: number];

const declared = { height: Option.integer(), width: Option.integer() };

/**
 * Cuts a part out of images while training, at a place drawn for each batch; prediction leaves images as they are.
 *
 * Of images that are not larger than the target in both directions, training takes the largest part of the target's proportions
 * and resizes it. Prediction leaves images whole, as Keras 3.15 does, although Keras's documentation promises that part there
 * too, and `outputShape` gives the target's size, as in Keras. If later layers need that size, as Flatten and Dense do, bring
 * images to it before prediction, with `CenterCrop` or `Resizing`.
 * Shape, while training: `[batch, any, any, channels]` to `[batch, height, width, channels]`. Source: Keras `RandomCrop`.
 *
 * @throws {InvalidConfigError} a length is not an integer of at least 1, or the seed is not an integer in [0, 2^32).
 * @differs in prediction, does not crop images, as in Keras 3.15 but unlike its documentation
 */
export class RandomCrop extends AugmentationLayer<RandomCropConfig, Corner> {
  static override readonly className: string = "RandomCrop";
  static override readonly options: Options<RandomCropConfig> = { ...declared, ...augmentationOptions };
  readonly height: number;
  readonly width: number;

  constructor(config: RandomCropConfig) {
    super(config);
    ({ height: this.height, width: this.width } = this.settle(declared));
  }

  protected override outputImageShape(input: ImageShape): ImageShape {
    return { ...input, height: this.height, width: this.width };
  }

  protected override drawTransformation({ height, width }: ImageShape, random: RandomStream): Corner {
    const [rows, columns] = [(height ?? 1) - this.height, (width ?? 1) - this.width];
    if (rows > 0 && columns > 0) return [random.integer(rows + 1), random.integer(columns + 1)];
    return windowOfProportions([1, height ?? 1, width ?? 1], [this.height, this.width]).start;
  }

  protected override transform(images: tf.Tensor, [top, left]: Corner): tf.Tensor {
    const [, height = 1, width = 1] = images.shape;
    const [rows, columns] = [Math.min(this.height, height - top), Math.min(this.width, width - left)];
    const part = tf.slice(images, [0, top, left, 0], [-1, rows, columns, -1]);
    const fits = rows === this.height && columns === this.width;
    return fits ? part : resizeImages(part, [this.height, this.width], "bilinear");
  }

  protected override predictedShapes(inputs: readonly Shape[]): readonly Shape[] {
    return inputs;
  }
}
