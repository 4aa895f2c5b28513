import { Option, type Options, type RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { withFirstOption } from "../../../config/first-option.ts";
import { type KerasName, pythonName } from "../../../config/keras-object.ts";
import type { ImageShape } from "../../../config/options.ts";
import { type AugmentationConfig, AugmentationLayer, augmentationOptions, drawEach } from "../augmentation-layer.ts";
import { chooseImages } from "../image-transform-layer.ts";

type Mode = "horizontal" | "vertical" | "horizontalAndVertical";

/** Whether left and right are exchanged, above and below, or both. */
export type FlipMode = KerasName<Mode>;

export interface RandomFlipConfig extends AugmentationConfig {
  /** Default: `horizontalAndVertical`. */
  readonly mode?: FlipMode | undefined;
}

/** Whether each image is flipped. */
export interface Flip {
  readonly flips: readonly boolean[];
}

/** The axes of `[batch, height, width, channels]` that each mode reverses. */
const flippedAxes: Readonly<Record<Mode, readonly number[]>> = {
  horizontal: [2],
  vertical: [1],
  horizontalAndVertical: [1, 2],
};

const modes = Object.keys(flippedAxes) as Mode[];

const declared = {
  mode: Option.word<Mode, FlipMode>(modes, '"horizontal", "vertical" or "horizontalAndVertical"', {
    find: (given) => modes.find((mode) => mode === given || pythonName(mode) === given),
    refusesNull: false,
  }).default("horizontalAndVertical"),
};

/**
 * Flips each image with probability 1/2 while training; prediction leaves images as they are.
 *
 * With `horizontalAndVertical`, an image is flipped both ways or, as in Keras, not at all.
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `RandomFlip`.
 *
 * @throws {InvalidConfigError} there is no such mode, or the seed is not an integer in [0, 2^32).
 */
export class RandomFlip extends AugmentationLayer<RandomFlipConfig, Flip> {
  static override readonly className: string = "RandomFlip";
  static override readonly options: Options<RandomFlipConfig> = { ...declared, ...augmentationOptions };
  /** As Keras spells it. */
  readonly mode: string;
  readonly #axes: readonly number[];

  /**
   * @param config the config, or the mode alone
   * @param options the other options, after a mode alone
   */
  constructor(config: RandomFlipConfig | FlipMode = {}, options?: Omit<RandomFlipConfig, "mode">) {
    super(withFirstOption<RandomFlipConfig>("RandomFlip", "mode", config, typeof config === "string", options));
    const { mode } = this.settle(declared);
    this.mode = pythonName(mode);
    this.#axes = flippedAxes[mode];
  }

  protected override drawTransformation(images: ImageShape, random: RandomStream): Flip {
    return { flips: drawEach(random, images, [0, 1]).map((draw) => draw <= 0.5) };
  }

  protected override transform(images: tf.Tensor, { flips }: Flip): tf.Tensor {
    return chooseImages(flips, tf.reverse(images, [...this.#axes]), images);
  }
}
