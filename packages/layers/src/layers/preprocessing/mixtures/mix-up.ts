import type { Options, RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ImageShape } from "../../../config/options.ts";
import { type AugmentationConfig, augmentationOptions } from "../augmentation-layer.ts";
import { eachImage } from "../image-transform-layer.ts";
import { concentrationOption } from "./mixture-options.ts";
import { type BatchMix, BatchMixingLayer, inOrder } from "./batch-mixing-layer.ts";

export interface MixUpConfig extends AugmentationConfig {
  /** Concentration of the Beta distribution of shares, above 0; with a small one, shares are near 0 or 1. Default: 0.2. */
  readonly alpha?: number | undefined;
}

const declared = { alpha: concentrationOption().default(0.2) };

/**
 * Mixes each image with another one of its batch while training, and their labels in the same way; prediction leaves both as they
 * are.
 *
 * `y = share x + (1 - share) other`, the share drawn for each image.
 * Shape: images `[batch, height, width, channels]`, or these and one-hot labels `[batch, classes]` as `{ images, labels }`,
 * to the same. Labels that are not given with the images stay as they are, as in a model that takes images alone.
 * Source: Zhang et al., ICLR 2018; Keras `MixUp`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 */
export class MixUp extends BatchMixingLayer<MixUpConfig, BatchMix> {
  static override readonly className: string = "MixUp";
  static override readonly options: Options<MixUpConfig> = { ...declared, ...augmentationOptions };
  readonly alpha: number;

  constructor(config: MixUpConfig = {}) {
    super(config);
    ({ alpha: this.alpha } = this.settle(declared));
  }

  protected override drawTransformation({ batch }: ImageShape, random: RandomStream): BatchMix {
    const permutationOrder = [...random.permutation(batch ?? 1)];
    return { permutationOrder, mixWeight: permutationOrder.map(() => random.beta(this.alpha)) };
  }

  protected override transform(images: tf.Tensor, { permutationOrder, mixWeight }: BatchMix): tf.Tensor {
    const weight = eachImage(mixWeight);
    return tf.add(tf.mul(weight, images), tf.mul(tf.sub(1, weight), inOrder(images, permutationOrder)));
  }
}
