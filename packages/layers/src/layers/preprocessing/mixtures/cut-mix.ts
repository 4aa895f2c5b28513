import type { Options, RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { boxMasks, drawBox, type Box } from "@featuremap/operations";
import type { ImageShape } from "../../../config/options.ts";
import { type AugmentationConfig, augmentationOptions } from "../augmentation-layer.ts";
import { type Factor, type FactorRange, factorOption } from "../factor.ts";
import { type BatchMix, BatchMixingLayer, inOrder } from "./batch-mixing-layer.ts";

export interface CutMixConfig extends AugmentationConfig {
  /**
   * Concentration, in [0, 1], of the Beta distribution of shares: drawn for each batch from 0 to this number, or between two. With
   * a small one, shares are near 0 or 1. Default: 1.
   */
  readonly factor?: Factor | undefined;
}

/** The images to mix, and where the box of the other one lies in each. */
export interface Cut extends BatchMix {
  readonly boxes: readonly Box[];
}

const declared = { factor: factorOption({ least: 0, most: 1 }).default(1) };

/**
 * Replaces a box in each image by that of another image of its batch while training, and mixes their labels by the box's area;
 * prediction leaves both as they are.
 *
 * Shape: images `[batch, height, width, channels]`, or these and one-hot labels `[batch, classes]` as `{ images, labels }`,
 * to the same. Labels that are not given with the images stay as they are, as in a model that takes images alone.
 * Source: Yun et al., ICCV 2019; Keras `CutMix`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 */
export class CutMix extends BatchMixingLayer<CutMixConfig, Cut> {
  static override readonly className: string = "CutMix";
  static override readonly options: Options<CutMixConfig> = { ...declared, ...augmentationOptions };
  readonly factor: FactorRange;

  constructor(config: CutMixConfig = {}) {
    super(config);
    ({ factor: this.factor } = this.settle(declared));
  }

  protected override drawTransformation(images: ImageShape, random: RandomStream): Cut {
    const permutationOrder = [...random.permutation(images.batch ?? 1)];
    const concentration = random.uniform(...this.factor) + 1e-6;
    const [height, width] = [images.height ?? 1, images.width ?? 1];
    const boxes = permutationOrder.map(() => {
      const share = Math.sqrt(1 - random.beta(concentration));
      return drawBox(random, [height, width], { width: share, height: share });
    });
    const mixWeight = boxes.map(
      ([left, right, top, bottom]) => 1 - ((right - left) * (bottom - top)) / (width * height),
    );
    return { permutationOrder, boxes, mixWeight };
  }

  protected override transform(images: tf.Tensor, { permutationOrder, boxes }: Cut): tf.Tensor {
    const [, height = 1, width = 1] = images.shape;
    return tf.where(boxMasks(boxes, [height, width]), inOrder(images, permutationOrder), images);
  }
}
