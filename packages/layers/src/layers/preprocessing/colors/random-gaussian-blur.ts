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
  /** In [0, 1]: the chance of an image, drawn for each between 0 and this or between the two. Default: 1. */
  readonly factor?: Factor | undefined;
  /** Pixels that a pixel is mixed of, up and down and to the sides; odd. Default: 3. */
  readonly kernelSize?: Size2D | undefined;
  /** Width of the bell in pixels, in [0, 1], drawn for each batch from 0 or from the smaller. Default: 1. */
  readonly sigma?: Factor | undefined;
}

/** Which images are blurred, and by bells of which widths: to the sides, and up and down. */
export interface Blur {
  readonly shouldApplyBlur: readonly boolean[];
  readonly blurFactor: readonly [number, number];
}

/** Height and width of a kernel that has a middle. */
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
 * Blurs some images while training; prediction gives images back.
 *
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `RandomGaussianBlur`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 */
export class RandomGaussianBlur extends ColorLayer<RandomGaussianBlurConfig, Blur> {
  static override readonly className = "RandomGaussianBlur";
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

  /** A prediction does nothing, and a step that trains makes kernels. */
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
