import { InvalidConfigError, type OptionNames, type RandomStream, type Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../../config/config-reader.ts";
import { filterImages, gaussianWeights, outerProduct, type InnerWork } from "@featuremap/operations";
import { elementsOf } from "../../../config/element-counts.ts";
import { type Factor, drawChosen, requireFactor } from "../augmentation-layer.ts";
import { type ColorConfig, ColorLayer, colorOptions, readColorConfig } from "./color-layer.ts";
import { chooseImages } from "../image-transform-layer.ts";
import type { ImageShape, Size2D } from "../../../config/options.ts";
import { requireLengths } from "../../../config/spatial.ts";

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

/**
 * Blurs some images while training; prediction gives images back.
 *
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `RandomGaussianBlur`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 */
export class RandomGaussianBlur extends ColorLayer<RandomGaussianBlurConfig, Blur> {
  static override readonly className = "RandomGaussianBlur";
  static override readonly options: OptionNames<RandomGaussianBlurConfig> = {
    ...colorOptions,
    kernelSize: true,
    sigma: true,
  };
  readonly kernelSize: readonly [number, number];
  readonly sigma: readonly [number, number];

  constructor(config: RandomGaussianBlurConfig = {}) {
    super(config, { least: 0, most: 1 }, 1);
    const { kernelSize = 3, sigma = 1 } = config;
    this.kernelSize = requireLengths("RandomGaussianBlur", "kernelSize", kernelSize, 2);
    if (!this.kernelSize.every((size) => size % 2 === 1)) {
      throw new InvalidConfigError("RandomGaussianBlur", "kernelSize", "an odd integer, or two of them", kernelSize);
    }
    this.sigma = requireFactor("RandomGaussianBlur", "sigma", sigma, { least: 0, most: 1 });
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

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), kernel_size: this.kernelSize, sigma: this.sigma };
  }

  static fromConfig(reader: ConfigReader): RandomGaussianBlur {
    return new RandomGaussianBlur({
      ...readColorConfig(reader, 1),
      kernelSize: reader.pair("kernel_size"),
      sigma: reader.pair("sigma"),
    });
  }
}
