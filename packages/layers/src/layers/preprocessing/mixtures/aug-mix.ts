import { Option, type Options, type RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ImageShape } from "../../../config/options.ts";
import { type AugmentationConfig, AugmentationLayer, augmentationOptions } from "../augmentation-layer.ts";
import { type Factor, type FactorRange, factorOption } from "../factor.ts";
import { type Interpolation, interpolationOption } from "../interpolation.ts";
import { type ValueRange, type ValueRangeConfig, valueRangeOption } from "../value-range.ts";
import {
  type AugmentationName,
  AugmentationSet,
  type AugmentationStep,
  augmentationNames,
} from "./augmentation-set.ts";
import { concentrationOption, countOption } from "./mixture-options.ts";

export interface AugMixConfig extends AugmentationConfig, ValueRangeConfig {
  /** Number of chains. Default: 3. */
  readonly numChains?: number | undefined;
  /** Most layers in a chain. Default: 3. */
  readonly chainDepth?: number | undefined;
  /** Factor of each layer, in [0, 1]: from 0 to this number, or between two. Default: 0.3. */
  readonly factor?: Factor | undefined;
  /** Concentration of the distributions of the chains' shares and of the image's own; above 0. Default: 1. */
  readonly alpha?: number | undefined;
  /** Whether brightness, color, contrast and sharpness may change too. Default: true. */
  readonly allOps?: boolean | undefined;
  /** Interpolation in layers that move pixels. Default: `bilinear`. */
  readonly interpolation?: Interpolation | undefined;
}

/** The layers and the share of each chain, and the share of the image itself. */
export interface Mix {
  readonly chainMixingWeights: readonly number[];
  readonly weightSample: number;
  readonly chainTransforms: readonly (readonly AugmentationStep[])[];
}

/** Layers that `allOps` adds. */
const further: ReadonlySet<AugmentationName> = new Set([
  "randomBrightness",
  "randomColorDegeneration",
  "randomContrast",
  "randomSharpness",
]);

const declared = {
  valueRange: valueRangeOption(),
  numChains: countOption().default(3),
  chainDepth: countOption().default(3),
  factor: factorOption({ least: 0, most: 1 }).default(0.3),
  alpha: concentrationOption().default(1),
  allOps: Option.flag().default(true),
  interpolation: interpolationOption(),
};

/**
 * Mixes images with versions of them that went through chains of layers, while training; prediction leaves images as they are.
 *
 * The layers are those of {@link RandAugment}. All images of a batch go through the same ones, each in its own way.
 * Shape: `[batch, height, width, 3 or 1]` to the same shape. Source: Hendrycks et al., ICLR 2020; Keras `AugMix`.
 * @differs the seed also decides which layers are chosen; Keras 3.15 uses Python's own random stream for that
 *
 * @throws {InvalidConfigError} an option is out of its range.
 * @throws {ShapeError} images have neither 3 channels nor 1.
 */
export class AugMix extends AugmentationLayer<AugMixConfig, Mix> {
  static override readonly className: string = "AugMix";
  static override readonly options: Options<AugMixConfig> = { ...declared, ...augmentationOptions };
  readonly valueRange: ValueRange;
  readonly numChains: number;
  readonly chainDepth: number;
  readonly factor: FactorRange;
  readonly alpha: number;
  readonly allOps: boolean;
  readonly interpolation: Interpolation;
  readonly #set: AugmentationSet;
  readonly #names: readonly AugmentationName[];

  constructor(config: AugMixConfig = {}) {
    super(config);
    const values = this.settle(declared);
    this.valueRange = values.valueRange;
    this.numChains = values.numChains;
    this.chainDepth = values.chainDepth;
    this.factor = values.factor;
    this.alpha = values.alpha;
    this.allOps = values.allOps;
    this.interpolation = values.interpolation;
    this.#set = new AugmentationSet(this);
    this.#names = augmentationNames.filter((name) => this.allOps || !further.has(name));
  }

  protected override get channelCounts(): readonly number[] {
    return [1, 3];
  }

  protected override drawTransformation(images: ImageShape, random: RandomStream): Mix {
    const shape = [images.batch, images.height, images.width, images.channels];
    const chain = (): AugmentationStep[] =>
      Array.from({ length: this.chainDepth }, () => {
        // One index more than there are layers stands for no layer.
        const name = this.#names[random.integer(this.#names.length + 1)];
        return name === undefined ? [] : [this.#set.draw(name, shape, random)];
      }).flat();
    return {
      chainMixingWeights: random.shares(this.alpha, this.numChains),
      weightSample: random.beta(this.alpha),
      chainTransforms: Array.from({ length: this.numChains }, chain),
    };
  }

  protected override transform(images: tf.Tensor, transformation: Mix): tf.Tensor {
    const { chainMixingWeights, weightSample, chainTransforms } = transformation;
    const chains = chainTransforms.map((steps, index) =>
      tf.mul(this.#set.transform(images, steps), (1 - weightSample) * (chainMixingWeights[index] ?? 0)),
    );
    return tf.clipByValue(tf.addN([tf.mul(images, weightSample), ...chains]), ...this.valueRange);
  }
}
