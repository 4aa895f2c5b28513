import type { OptionNames, RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../../config/config-reader.ts";
import { boxMasks, drawBox, type Box } from "@featuremap/operations";
import {
  type AugmentationConfig,
  type Factor,
  augmentationOptions,
  readAugmentationConfig,
  requireFactor,
} from "../augmentation-layer.ts";
import { type BatchMix, BatchMixingLayer, inOrder } from "./batch-mixing-layer.ts";
import type { ImageShape } from "../../../config/options.ts";

export interface CutMixConfig extends AugmentationConfig {
  /**
   * In [0, 1]: shares are drawn from the Beta distribution of a number between 0 and this, or between the two, drawn for each
   * batch; they are near 0 or 1 for small ones. Default: 1.
   */
  readonly factor?: Factor | undefined;
}

/** Where the boxes of other images lie, besides whose they are. */
export interface Cut extends BatchMix {
  readonly boxes: readonly Box[];
}

/**
 * Puts a box of another image of its batch in the same place of each one while training, and mixes their labels by its area;
 * prediction gives both back.
 *
 * Shape: images `[batch, height, width, channels]`, or these and one-hot labels `[batch, classes]` as `{ images, labels }`,
 * to the same. Labels that are not given with the images stay as they are, as in a model that takes images alone.
 * Source: Yun et al., ICCV 2019; Keras `CutMix`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 */
export class CutMix extends BatchMixingLayer<CutMixConfig, Cut> {
  static override readonly className = "CutMix";
  static override readonly options: OptionNames<CutMixConfig> = { factor: true, ...augmentationOptions };
  readonly factor: readonly [number, number];

  constructor(config: CutMixConfig = {}) {
    super(config);
    this.factor = requireFactor("CutMix", "factor", config.factor ?? 1, { least: 0, most: 1 });
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

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), factor: this.factor };
  }

  static fromConfig(reader: ConfigReader): CutMix {
    return new CutMix({ ...readAugmentationConfig(reader), factor: reader.pair("factor") });
  }
}
