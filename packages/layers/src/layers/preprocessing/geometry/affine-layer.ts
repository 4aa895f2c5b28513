import type { OptionNames } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../../config/config-reader.ts";
import { projectiveTransform, type FillMode, type ProjectiveMatrix } from "@featuremap/operations";
import {
  type AugmentationConfig,
  AugmentationLayer,
  augmentationOptions,
  readAugmentationConfig,
} from "../augmentation-layer.ts";
import {
  type Interpolation,
  fillModes,
  interpolations,
  requireFillMode,
  requireFillValue,
  requireInterpolation,
} from "../interpolation.ts";

/** What layers take that turn, move or scale images. */
export interface AffineConfig extends AugmentationConfig {
  /** What lies outside of an image. Default: `reflect`. */
  readonly fillMode?: FillMode | undefined;
  /** Default: `bilinear`. */
  readonly interpolation?: Interpolation | undefined;
  /** What lies outside with `constant`. Default: 0. */
  readonly fillValue?: number | undefined;
}

/** The names of these options. */
export const affineOptions: OptionNames<AffineConfig> = {
  fillMode: true,
  interpolation: true,
  fillValue: true,
  ...augmentationOptions,
};

/** A layer that turns, moves or scales each image by a matrix of its own while it trains. */
export abstract class AffineLayer<Config extends AffineConfig, Transformation> extends AugmentationLayer<
  Config,
  Transformation
> {
  readonly fillMode: FillMode;
  readonly interpolation: Interpolation;
  readonly fillValue: number;

  constructor(config: Config) {
    super(config);
    this.fillMode = requireFillMode(this.className, config.fillMode);
    this.interpolation = requireInterpolation(this.className, config.interpolation);
    this.fillValue = requireFillValue(this.className, config.fillValue);
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

  override getConfig(): Record<string, unknown> {
    const { fillMode, interpolation, fillValue } = this;
    return { ...super.getConfig(), fill_mode: fillMode, interpolation, fill_value: fillValue };
  }
}

/** What {@link AffineConfig} holds, in Keras's config. */
export function readAffineConfig(reader: ConfigReader): AffineConfig {
  return {
    ...readAugmentationConfig(reader),
    fillMode: reader.word("fill_mode", fillModes),
    interpolation: reader.word("interpolation", interpolations),
    fillValue: reader.number("fill_value"),
  };
}
