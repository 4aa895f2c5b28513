import { InvalidConfigError, type OptionNames, type RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../../config/config-reader.ts";
import {
  type AugmentationConfig,
  AugmentationLayer,
  type Factor,
  augmentationOptions,
  readAugmentationConfig,
  requireFactor,
} from "../augmentation-layer.ts";
import {
  type AugmentationName,
  AugmentationSet,
  type AugmentationStep,
  augmentationNames,
} from "./augmentation-set.ts";
import { type Interpolation, interpolations, requireInterpolation } from "../interpolation.ts";
import { type ImageShape, requireBoolean } from "../../../config/options.ts";
import { requireCount } from "./rand-augment.ts";
import { type ValueRange, type ValueRangeConfig, readValueRange, requireValueRange } from "../value-range.ts";

export interface AugMixConfig extends AugmentationConfig, ValueRangeConfig {
  /** Chains that are mixed. Default: 3. */
  readonly numChains?: number | undefined;
  /** Layers in a chain at most. Default: 3. */
  readonly chainDepth?: number | undefined;
  /** Factor of each layer, in [0, 1], from 0 or from the smaller. Default: 0.3. */
  readonly factor?: Factor | undefined;
  /** Above 0: of the distributions of the chains' shares and of the image's own. Default: 1. */
  readonly alpha?: number | undefined;
  /** Whether brightness, color, contrast and sharpness may change too. Default: true. */
  readonly allOps?: boolean | undefined;
  /** Of layers that move pixels. Default: `bilinear`. */
  readonly interpolation?: Interpolation | undefined;
}

/** What each chain does and counts, and how much the image itself counts. */
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

/**
 * Mixes images with what several chains of layers make of them while training; prediction gives images back.
 *
 * Layers are those of {@link RandAugment}; a batch goes through the same ones, each image in its own way.
 * Shape: `[batch, height, width, 3 or 1]` to the same shape. Source: Hendrycks et al., ICLR 2020; Keras `AugMix`.
 * @differs the seed also decides which layers are chosen; Keras 3.15 uses Python's own random stream for that
 *
 * @throws {InvalidConfigError} an option is out of its range.
 * @throws {ShapeError} images have neither 3 channels nor 1.
 */
export class AugMix extends AugmentationLayer<AugMixConfig, Mix> {
  static override readonly className = "AugMix";
  static override readonly options: OptionNames<AugMixConfig> = {
    valueRange: true,
    numChains: true,
    chainDepth: true,
    factor: true,
    alpha: true,
    allOps: true,
    interpolation: true,
    ...augmentationOptions,
  };
  readonly valueRange: ValueRange;
  readonly numChains: number;
  readonly chainDepth: number;
  readonly factor: readonly [number, number];
  readonly alpha: number;
  readonly allOps: boolean;
  readonly interpolation: Interpolation;
  readonly #set: AugmentationSet;
  readonly #names: readonly AugmentationName[];

  constructor(config: AugMixConfig = {}) {
    super(config);
    const { alpha = 1 } = config;
    if (!(Number.isFinite(alpha) && alpha > 0)) {
      throw new InvalidConfigError("AugMix", "alpha", "a finite number above 0", alpha);
    }
    this.valueRange = requireValueRange("AugMix", config.valueRange);
    this.numChains = requireCount("AugMix", "numChains", config.numChains ?? 3);
    this.chainDepth = requireCount("AugMix", "chainDepth", config.chainDepth ?? 3);
    this.factor = requireFactor("AugMix", "factor", config.factor ?? 0.3, { least: 0, most: 1 });
    this.alpha = alpha;
    this.allOps = requireBoolean("AugMix", "allOps", config.allOps, true);
    this.interpolation = requireInterpolation("AugMix", config.interpolation);
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
        // One draw more than there are layers is for none.
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

  override getConfig(): Record<string, unknown> {
    const { valueRange, numChains, chainDepth, factor, alpha, allOps, interpolation } = this;
    return {
      ...super.getConfig(),
      value_range: valueRange,
      num_chains: numChains,
      chain_depth: chainDepth,
      factor,
      alpha,
      all_ops: allOps,
      interpolation,
    };
  }

  static fromConfig(reader: ConfigReader): AugMix {
    return new AugMix({
      ...readAugmentationConfig(reader),
      valueRange: readValueRange(reader),
      numChains: reader.number("num_chains"),
      chainDepth: reader.number("chain_depth"),
      factor: reader.pair("factor"),
      alpha: reader.number("alpha"),
      allOps: reader.boolean("all_ops"),
      interpolation: reader.word("interpolation", interpolations),
    });
  }
}
