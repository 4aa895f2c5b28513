import { type OptionNames, type RandomStream, InvalidConfigError } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../../config/config-reader.ts";
import {
  type AugmentationConfig,
  AugmentationLayer,
  type Factor,
  augmentationOptions,
  readAugmentationConfig,
  requireFactor,
} from "../augmentation-layer.ts";
import { AugmentationSet, type AugmentationStep, augmentationNames } from "./augmentation-set.ts";
import { type Interpolation, interpolations, requireInterpolation } from "../interpolation.ts";
import type { ImageShape } from "../../../config/options.ts";
import { type ValueRange, type ValueRangeConfig, readValueRange, requireValueRange } from "../value-range.ts";

export interface RandAugmentConfig extends AugmentationConfig, ValueRangeConfig {
  /** Layers that are used one after another, drawn for each batch. Default: 2. */
  readonly numOps?: number | undefined;
  /** Factor of each of them, in [0, 1], from 0 or from the smaller. Default: 0.5. */
  readonly factor?: Factor | undefined;
  /** Of those that move pixels. Default: `bilinear`. */
  readonly interpolation?: Interpolation | undefined;
}

/** The layers that are used, and what each does. */
export interface RandAugmentation {
  readonly steps: readonly AugmentationStep[];
}

/**
 * Changes images by some of eleven layers while training; prediction gives images back.
 *
 * They are RandomShear, RandomTranslation, RandomRotation, RandomBrightness, RandomColorDegeneration, RandomContrast,
 * RandomSharpness, RandomPosterization, Solarization, AutoContrast and Equalization, each with the same factor. A batch goes
 * through the same layers, each image in its own way.
 * Shape: `[batch, height, width, 3 or 1]` to the same shape. Source: Cubuk et al., 2019; Keras `RandAugment`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 * @throws {ShapeError} images have neither 3 channels nor 1.
 */
export class RandAugment extends AugmentationLayer<RandAugmentConfig, RandAugmentation> {
  static override readonly className = "RandAugment";
  static override readonly options: OptionNames<RandAugmentConfig> = {
    valueRange: true,
    numOps: true,
    factor: true,
    interpolation: true,
    ...augmentationOptions,
  };
  readonly valueRange: ValueRange;
  readonly numOps: number;
  readonly factor: readonly [number, number];
  readonly interpolation: Interpolation;
  readonly #set: AugmentationSet;

  constructor(config: RandAugmentConfig = {}) {
    super(config);
    this.valueRange = requireValueRange("RandAugment", config.valueRange);
    this.numOps = requireCount("RandAugment", "numOps", config.numOps ?? 2);
    this.factor = requireFactor("RandAugment", "factor", config.factor ?? 0.5, { least: 0, most: 1 });
    this.interpolation = requireInterpolation("RandAugment", config.interpolation);
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

  override getConfig(): Record<string, unknown> {
    const { valueRange, numOps, factor, interpolation } = this;
    return { ...super.getConfig(), value_range: valueRange, num_ops: numOps, factor, interpolation };
  }

  static fromConfig(reader: ConfigReader): RandAugment {
    return new RandAugment({
      ...readAugmentationConfig(reader),
      valueRange: readValueRange(reader),
      numOps: reader.number("num_ops"),
      factor: reader.pair("factor"),
      interpolation: reader.word("interpolation", interpolations),
    });
  }
}

/** How many layers a batch goes through at most: each costs a pass over the images. */
const most = 1000;

/** @throws {InvalidConfigError} the value is not an integer from 0 to 1000. */
export function requireCount(owner: string, option: string, value: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new InvalidConfigError(owner, option, `an integer in [0, ${most}]`, value);
}
