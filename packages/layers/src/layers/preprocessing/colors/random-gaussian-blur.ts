import { InvalidConfigError, Option, type Options, type RandomStream, type Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { filterImages, gaussianWeights, outerProduct, type InnerWork } from "@featuremap/operations";
import { elementsOf } from "../../../config/element-counts.ts";
import { lengthsOption } from "../../../config/kinds.ts";
import type { ImageShape, Size2D } from "../../../config/options.ts";
import type { Lengths } from "../../../config/spatial.ts";
import { augmentationOptions, drawChosen } from "../augmentation-layer.ts";
import { type Factor, type FactorRange, factorOption } from "../factor.ts";
import { chooseImages } from "../image-transform-layer.ts";
import { type ColorConfig, ColorLayer, colorOptions } from "./color-layer.ts";

export interface RandomGaussianBlurConfig extends ColorConfig {
  /** Chance that an image changes, in [0, 1]: drawn for each from 0 to this number, or between two. Default: 1. */
  readonly factor?: Factor | undefined;
  /** Height and width of the window that a pixel is averaged over; odd. Default: 3. */
  readonly kernelSize?: Size2D | undefined;
  /** Standard deviation in pixels, in [0, 1]: drawn for each batch from 0 to this number, or between two. Default: 1. */
  readonly sigma?: Factor | undefined;
}

/** Whether each image is blurred, and the standard deviations across and down. */
export interface Blur {
  readonly shouldApplyBlur: readonly boolean[];
  readonly blurFactor: readonly [number, number];
}

/** Height and width of a window with a pixel in its middle. */
function oddLengthsOption(): Option<Size2D | undefined, Lengths<2>> {
  const { kind, check } = lengthsOption(2);
  return new Option<Size2D, Lengths<2>>({
    ...kind,
    check: (owner, name, given: Size2D) => {
      const lengths = check(owner, name, given);
      if (lengths.every((length) => length % 2 === 1)) return lengths;
      throw new InvalidConfigError(owner, name, "an odd integer, or two of them", given);
    },
    refusesNull: true,
  }).default(3);
}

const inherited = colorOptions({ least: 0, most: 1 }, 1);
const declared = {
  kernelSize: oddLengthsOption(),
  sigma: factorOption({ least: 0, most: 1 }).notNull().default(1),
};

/**
 * Blurs some images while training; prediction leaves images as they are.
 *
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `RandomGaussianBlur`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 */
export class RandomGaussianBlur extends ColorLayer<RandomGaussianBlurConfig, Blur> {
  static override readonly className: string = "RandomGaussianBlur";
  static override readonly options: Options<RandomGaussianBlurConfig> = {
    factor: inherited.factor,
    ...declared,
    valueRange: inherited.valueRange,
    ...augmentationOptions,
  };
  readonly kernelSize: Lengths<2>;
  readonly sigma: FactorRange;

  constructor(config: RandomGaussianBlurConfig = {}) {
    super(config, inherited);
    ({ kernelSize: this.kernelSize, sigma: this.sigma } = this.settle(declared));
  }

  /** Prediction does nothing; a training step makes kernels. */
  protected override innerWork(_inputs: readonly Shape[], [output = []]: readonly Shape[]): InnerWork {
    return { operations: 0, elements: elementsOf(this.kernelSize) * (this.imagesOf(output).channels ?? 1) };
  }

  protected override drawTransformation(images: ImageShape, random: RandomStream): Blur {
    const shouldApplyBlur = drawChosen(random, images, this.factor);
    const width = (): number => random.uniform(...this.sigma) + 1e-6;
    return { shouldApplyBlur, blurFactor: [width(), width()] };
  }

  protected override transform(images: tf.Tensor, { shouldApplyBlur, blurFactor }: Blur): tf.Tensor {
    const { kernelSize } = this;
    // Keras makes rows as long as the first of two sizes, and lays the weights out in rows as long as the second.
    const [across, down] = [
      gaussianWeights(kernelSize[0], blurFactor[0]),
      gaussianWeights(kernelSize[1], blurFactor[1]),
    ];
    const blurred = filterImages(images, outerProduct(down, across), kernelSize);
    return tf.clipByValue(chooseImages(shouldApplyBlur, blurred, images), ...this.valueRange);
  }
}
