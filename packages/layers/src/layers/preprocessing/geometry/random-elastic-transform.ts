import type { Options, RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { filterImages, gaussianWeights, sampleImages, type FillMode } from "@featuremap/operations";
import type { ImageShape } from "../../../config/options.ts";
import { augmentationOptions, drawChosen } from "../augmentation-layer.ts";
import { type ColorConfig, ColorLayer, colorOptions } from "../colors/color-layer.ts";
import { type Factor, type FactorRange, factorOption } from "../factor.ts";
import { chooseImages } from "../image-transform-layer.ts";
import { type Interpolation, fillModeOption, fillValueOption, interpolationOption } from "../interpolation.ts";

export interface RandomElasticTransformConfig extends ColorConfig {
  /** Chance that an image changes, in [0, 1]: drawn for each from 0 to this number, or between two. Default: 1. */
  readonly factor?: Factor | undefined;
  /** How much images are distorted, in [0, 1]: drawn for each batch from 0 to this number, or between two. Default: 1. */
  readonly scale?: Factor | undefined;
  /** Default: `bilinear`. */
  readonly interpolation?: Interpolation | undefined;
  /** How pixels outside of the image are filled. Default: `reflect`. */
  readonly fillMode?: FillMode | undefined;
  /** The value of those pixels with `constant`. Default: 0. */
  readonly fillValue?: number | undefined;
}

/** Whether each image is distorted, how much, and the normal noise: one number to the right and one down for each pixel. */
export interface Distortion {
  readonly applyTransform: readonly boolean[];
  readonly distortionFactor: number;
  readonly right: ArrayLike<number>;
  readonly down: ArrayLike<number>;
}

const inherited = colorOptions({ least: 0, most: 1 }, 1);
const declared = {
  scale: factorOption({ least: 0, most: 1 }).default(1),
  interpolation: interpolationOption(),
  fillMode: fillModeOption(),
  fillValue: fillValueOption(),
};

/**
 * Distorts some images like a sheet of rubber while training; prediction leaves images as they are.
 *
 * Each pixel is read from where smoothed noise points. The noise and the bell that smooths it have a deviation of a twentieth of
 * the shorter side, times the scale; the smoothed noise is multiplied by a tenth of the longer side, times the scale.
 * Shape: `[batch, height, width, channels]` to the same shape.
 * Source: Simard, Steinkraus and Platt, ICDAR 2003; Keras `RandomElasticTransform`.
 * @differs without the `fillMode` "mirror", which fails in Keras 3.15 on TensorFlow
 *
 * @throws {InvalidConfigError} an option is out of its range.
 */
export class RandomElasticTransform extends ColorLayer<RandomElasticTransformConfig, Distortion> {
  static override readonly className: string = "RandomElasticTransform";
  static override readonly options: Options<RandomElasticTransformConfig> = {
    factor: inherited.factor,
    ...declared,
    valueRange: inherited.valueRange,
    ...augmentationOptions,
  };
  readonly scale: FactorRange;
  readonly interpolation: Interpolation;
  readonly fillMode: FillMode;
  readonly fillValue: number;

  constructor(config: RandomElasticTransformConfig = {}) {
    super(config, inherited);
    const { scale, interpolation, fillMode, fillValue } = this.settle(declared);
    this.scale = scale;
    this.interpolation = interpolation;
    this.fillMode = fillMode;
    this.fillValue = fillValue;
  }

  protected override drawTransformation(images: ImageShape, random: RandomStream): Distortion {
    const { batch, height, width } = images;
    const noise = (): Float32Array =>
      Float32Array.from({ length: (batch ?? 1) * (height ?? 1) * (width ?? 1) }, () => random.normal());
    return {
      applyTransform: drawChosen(random, images, this.factor),
      distortionFactor: random.uniform(...this.scale),
      right: noise(),
      down: noise(),
    };
  }

  protected override transform(images: tf.Tensor, transformation: Distortion): tf.Tensor {
    const { applyTransform, distortionFactor, right, down } = transformation;
    const [batch = 1, height = 1, width = 1] = images.shape;
    const deviation = Math.min(height, width) * 0.05 * distortionFactor;
    const strength = Math.max(height, width) * 0.1 * distortionFactor;
    // Nothing moves, and a bell cannot be that narrow.
    if (deviation === 0) return tf.clipByValue(images, ...this.valueRange);
    const size = 6 * Math.floor(deviation) + 1;
    const bell = gaussianWeights(size, deviation);
    const smoothed = (noise: ArrayLike<number>): tf.Tensor => {
      const field = tf.tensor4d(Float32Array.from(noise), [batch, height, width, 1]);
      const across = filterImages(tf.mul(field, deviation), bell, [1, size]);
      return tf.mul(filterImages(across, bell, [size, 1]), strength);
    };
    const columns = tf.add(smoothed(right), tf.reshape(tf.range(0, width), [1, 1, width, 1]));
    const rows = tf.add(smoothed(down), tf.reshape(tf.range(0, height), [1, height, 1, 1]));
    const distorted = sampleImages(images, { rows, columns }, this);
    return tf.clipByValue(chooseImages(applyTransform, distorted, images), ...this.valueRange);
  }
}
