import type { RandomStream, Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { AutoContrast } from "../colors/auto-contrast.ts";
import { Equalization } from "../colors/equalization.ts";
import type { Interpolation } from "../interpolation.ts";
import { RandomBrightness } from "../colors/random-brightness.ts";
import { RandomColorDegeneration } from "../colors/random-color-degeneration.ts";
import { RandomContrast } from "../colors/random-contrast.ts";
import { RandomPosterization } from "../colors/random-posterization.ts";
import { RandomRotation } from "../geometry/random-rotation.ts";
import { RandomSharpness } from "../colors/random-sharpness.ts";
import { RandomShear } from "../geometry/random-shear.ts";
import { RandomTranslation } from "../geometry/random-translation.ts";
import { Solarization } from "../colors/solarization.ts";
import type { ValueRange } from "../value-range.ts";

/** Options that the layers of a set share. */
export interface AugmentationSetOptions {
  readonly factor: readonly [number, number];
  readonly valueRange: ValueRange;
  readonly interpolation: Interpolation;
}

/** A layer of a set, with the transformation drawn for it. */
export interface AugmentationStep {
  readonly layer: AugmentationName;
  readonly transformation: unknown;
}

/** Any layer of a set. */
interface Augmentation {
  getRandomTransformation(shape: Shape, random: RandomStream): unknown;
  transformImages(images: tf.Tensor, transformation: unknown): tf.Tensor;
}

/** The layers that RandAugment and AugMix choose from, by Keras's names in camelCase. */
export type AugmentationName =
  | "randomShear"
  | "randomTranslation"
  | "randomRotation"
  | "randomBrightness"
  | "randomColorDegeneration"
  | "randomContrast"
  | "randomSharpness"
  | "randomPosterization"
  | "solarization"
  | "autoContrast"
  | "equalization";

const makers: Readonly<Record<AugmentationName, (options: AugmentationSetOptions) => unknown>> = {
  randomShear: ({ factor, interpolation }) => new RandomShear({ xFactor: factor, yFactor: factor, interpolation }),
  randomTranslation: ({ factor, interpolation }) =>
    new RandomTranslation({ heightFactor: factor, widthFactor: factor, interpolation }),
  randomRotation: ({ factor, interpolation }) => new RandomRotation({ factor, interpolation }),
  randomBrightness: ({ factor, valueRange }) => new RandomBrightness({ factor, valueRange }),
  randomColorDegeneration: ({ factor, valueRange }) => new RandomColorDegeneration({ factor, valueRange }),
  randomContrast: ({ factor, valueRange }) => new RandomContrast({ factor, valueRange }),
  randomSharpness: ({ factor, valueRange }) => new RandomSharpness({ factor, valueRange }),
  randomPosterization: ({ factor, valueRange }) =>
    new RandomPosterization({ factor: Math.max(1, Math.floor(8 * factor[1])), valueRange }),
  solarization: ({ factor, valueRange }) =>
    new Solarization({ additionFactor: factor, thresholdFactor: factor, valueRange }),
  autoContrast: ({ valueRange }) => new AutoContrast({ valueRange }),
  equalization: ({ valueRange }) => new Equalization({ valueRange }),
};

export const augmentationNames: readonly AugmentationName[] = Object.keys(makers) as AugmentationName[];

/** Layers to choose from, for images with the channels last. */
export class AugmentationSet {
  readonly #layers: Readonly<Record<AugmentationName, Augmentation>>;

  constructor(options: AugmentationSetOptions) {
    const made = augmentationNames.map((name) => [name, makers[name](options) as Augmentation] as const);
    this.#layers = Object.fromEntries(made) as Record<AugmentationName, Augmentation>;
  }

  /** Draws a layer's transformation for images of this shape. */
  draw(layer: AugmentationName, shape: Shape, random: RandomStream): AugmentationStep {
    return { layer, transformation: this.#layers[layer].getRandomTransformation(shape, random) };
  }

  /** Applies steps one after another. */
  transform(images: tf.Tensor, steps: readonly AugmentationStep[]): tf.Tensor {
    return steps.reduce(
      (changed, { layer, transformation }) => this.#layers[layer].transformImages(changed, transformation),
      images,
    );
  }
}
