import type { Options, RandomStream } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ImageShape } from "../../../config/options.ts";
import { type AugmentationConfig, AugmentationLayer, augmentationOptions } from "../augmentation-layer.ts";
import { type Factor, type FactorRange, factorOption } from "../factor.ts";
import { type Interpolation, interpolationOption } from "../interpolation.ts";
import { type ValueRange, type ValueRangeConfig, valueRangeOption } from "../value-range.ts";
import { AugmentationSet, type AugmentationStep, augmentationNames } from "./augmentation-set.ts";
import { countOption } from "./mixture-options.ts";

export interface RandAugmentConfig extends AugmentationConfig, ValueRangeConfig {
  /** Number of layers, drawn for each batch and applied one after another. Default: 2. */
  readonly numOps?: number | undefined;
  /** Factor of each layer, in [0, 1]: from 0 to this number, or between two. Default: 0.5. */
  readonly factor?: Factor | undefined;
  /** Interpolation in layers that move pixels. Default: `bilinear`. */
  readonly interpolation?: Interpolation | undefined;
}

/** The layers that are applied, with the transformation of each. */
export interface RandAugmentation {
  readonly steps: readonly AugmentationStep[];
}

const declared = {
  valueRange: valueRangeOption(),
  numOps: countOption().default(2),
  factor: factorOption({ least: 0, most: 1 }).default(0.5),
  interpolation: interpolationOption(),
};

/**
 * Changes images by some of eleven layers while training; prediction leaves images as they are.
 *
 * They are RandomShear, RandomTranslation, RandomRotation, RandomBrightness, RandomColorDegeneration, RandomContrast,
 * RandomSharpness, RandomPosterization, Solarization, AutoContrast and Equalization, each with the same factor. All images
 * of a batch go through the same layers, each in its own way.
 * Shape: `[batch, height, width, 3 or 1]` to the same shape. Source: Cubuk et al., 2019; Keras `RandAugment`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 * @throws {ShapeError} images have neither 3 channels nor 1.
 */
export class RandAugment extends AugmentationLayer<RandAugmentConfig, RandAugmentation> {
  static override readonly className: string = "RandAugment";
  static override readonly options: Options<RandAugmentConfig> = { ...declared, ...augmentationOptions };
  readonly valueRange: ValueRange;
  readonly numOps: number;
  readonly factor: FactorRange;
  readonly interpolation: Interpolation;
  readonly #set: AugmentationSet;

  constructor(config: RandAugmentConfig = {}) {
    super(config);
    const values = this.settle(declared);
    this.valueRange = values.valueRange;
    this.numOps = values.numOps;
    this.factor = values.factor;
    this.interpolation = values.interpolation;
    this.#set = new AugmentationSet(this);
  }

  protected override get channelCounts(): readonly number[] {
    return [1, 3];
  }

  protected override drawTransformation(images: ImageShape, random: RandomStream): RandAugmentation {
    const shape = [images.batch, images.height, images.width, images.channels];
    const steps = Array.from({ length: this.numOps }, () => {
      const name = augmentationNames[random.integer(augmentationNames.length)] ?? "autoContrast";
      return this.#set.draw(name, shape, random);
    });
    return { steps };
  }

  protected override transform(images: tf.Tensor, { steps }: RandAugmentation): tf.Tensor {
    return this.#set.transform(images, steps);
  }
}
