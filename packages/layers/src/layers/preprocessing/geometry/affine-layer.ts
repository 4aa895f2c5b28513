import type { Options } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { projectiveTransform, type FillMode, type ProjectiveMatrix } from "@featuremap/operations";
import { type AugmentationConfig, AugmentationLayer, augmentationOptions } from "../augmentation-layer.ts";
import { type Interpolation, fillModeOption, fillValueOption, interpolationOption } from "../interpolation.ts";

/** Options of layers that turn, move or scale images. */
export interface AffineConfig extends AugmentationConfig {
  /** How pixels outside of the image are filled. Default: `reflect`. */
  readonly fillMode?: FillMode | undefined;
  /** Default: `bilinear`. */
  readonly interpolation?: Interpolation | undefined;
  /** The value of those pixels with `constant`. Default: 0. */
  readonly fillValue?: number | undefined;
}

const declared = {
  fillMode: fillModeOption(),
  interpolation: interpolationOption(),
  fillValue: fillValueOption(),
};

/** These options. */
export const affineOptions: Options<AffineConfig> = { ...declared, ...augmentationOptions };

/** A layer that turns, moves or scales each image by its own matrix while training. */
export abstract class AffineLayer<Config extends AffineConfig, Transformation> extends AugmentationLayer<
  Config,
  Transformation
> {
  readonly fillMode: FillMode;
  readonly interpolation: Interpolation;
  readonly fillValue: number;

  constructor(config: Config) {
    super(config);
    const { fillMode, interpolation, fillValue } = this.settle(declared);
    this.fillMode = fillMode;
    this.interpolation = interpolation;
    this.fillValue = fillValue;
  }

  /** A matrix for each image of this height and width. */
  protected abstract matrices(
    transformation: Transformation,
    height: number,
    width: number,
  ): readonly ProjectiveMatrix[];

  protected override transform(images: tf.Tensor, transformation: Transformation): tf.Tensor {
    const [, height = 1, width = 1] = images.shape;
    return projectiveTransform(images, this.matrices(transformation, height, width), this);
  }
}
