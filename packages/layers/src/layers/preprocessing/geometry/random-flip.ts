import { InvalidConfigError, type OptionNames, type RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../../config/config-reader.ts";
import { type KerasName, pythonName } from "../../../config/keras-object.ts";
import {
  type AugmentationConfig,
  AugmentationLayer,
  augmentationOptions,
  drawEach,
  readAugmentationConfig,
} from "../augmentation-layer.ts";
import { chooseImages } from "../image-transform-layer.ts";
import type { ImageShape } from "../../../config/options.ts";
import { withFirstOption } from "../../../config/first-option.ts";

/** Left and right change places, above and below, or both. */
export type FlipMode = KerasName<"horizontal" | "vertical" | "horizontalAndVertical">;

export interface RandomFlipConfig extends AugmentationConfig {
  /** Default: `horizontalAndVertical`. */
  readonly mode?: FlipMode | undefined;
}

/** Whether each image is flipped. */
export interface Flip {
  readonly flips: readonly boolean[];
}

/** The axes of `[batch, height, width, channels]` that a mode turns round. */
const flippedAxes: Readonly<Record<string, readonly number[]>> = {
  horizontal: [2],
  vertical: [1],
  horizontal_and_vertical: [1, 2],
};

/**
 * Flips each image with probability 1/2 while training; prediction gives images back.
 *
 * With `horizontalAndVertical`, an image is flipped both ways or, as in Keras, not at all.
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `RandomFlip`.
 *
 * @throws {InvalidConfigError} there is no such mode, or the seed is not an integer in [0, 2^32).
 */
export class RandomFlip extends AugmentationLayer<RandomFlipConfig, Flip> {
  static override readonly className = "RandomFlip";
  static override readonly options: OptionNames<RandomFlipConfig> = { mode: true, ...augmentationOptions };
  /** As Keras spells it. */
  readonly mode: string;
  readonly #axes: readonly number[];

  /**
   * @param config the config, or just the mode
   * @param options the others, after the mode alone
   */
  constructor(config: RandomFlipConfig | FlipMode = {}, options?: Omit<RandomFlipConfig, "mode">) {
    super(withFirstOption<RandomFlipConfig>("RandomFlip", "mode", config, typeof config === "string", options));
    const mode: unknown = this.config.mode ?? "horizontalAndVertical";
    this.mode = typeof mode === "string" ? pythonName(mode) : "";
    const axes = Object.hasOwn(flippedAxes, this.mode) ? flippedAxes[this.mode] : undefined;
    if (axes === undefined) {
      const expected = '"horizontal", "vertical" or "horizontalAndVertical"';
      throw new InvalidConfigError("RandomFlip", "mode", expected, this.config.mode);
    }
    this.#axes = axes;
  }

  protected override drawTransformation(images: ImageShape, random: RandomStream): Flip {
    return { flips: drawEach(random, images, [0, 1]).map((draw) => draw <= 0.5) };
  }

  protected override transform(images: tf.Tensor, { flips }: Flip): tf.Tensor {
    return chooseImages(flips, tf.reverse(images, [...this.#axes]), images);
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), mode: this.mode };
  }

  static fromConfig(reader: ConfigReader): RandomFlip {
    return new RandomFlip({
      ...readAugmentationConfig(reader),
      mode: reader.word("mode", ["horizontal", "vertical", "horizontal_and_vertical"]),
    });
  }
}
