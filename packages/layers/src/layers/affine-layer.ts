import { InvalidConfigError, type OptionNames } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../config-reader.ts";
import { type AffineMatrix, type FillMode, affineTransform } from "../operations/affine-transform.ts";
import {
  type AugmentationConfig,
  AugmentationLayer,
  augmentationOptions,
  readAugmentationConfig,
} from "./augmentation-layer.ts";

/** What layers take that turn, move or scale images. */
export interface AffineConfig extends AugmentationConfig {
  /** What lies outside of an image; `reflect` unless said otherwise. */
  readonly fillMode?: FillMode | undefined;
  /** `bilinear` unless said otherwise. */
  readonly interpolation?: "nearest" | "bilinear" | undefined;
  /** What lies outside with `constant`; 0 unless said otherwise. */
  readonly fillValue?: number | undefined;
}

/** The names of these options. */
export const affineOptions: OptionNames<AffineConfig> = {
  fillMode: true,
  interpolation: true,
  fillValue: true,
  ...augmentationOptions,
};

const fillModes: readonly FillMode[] = ["reflect", "wrap", "constant", "nearest"];
const interpolations = ["nearest", "bilinear"] as const;

/** A layer that turns, moves or scales each image by a matrix of its own while it trains. */
export abstract class AffineLayer<Config extends AffineConfig, Transformation> extends AugmentationLayer<
  Config,
  Transformation
> {
  readonly fillMode: FillMode;
  readonly interpolation: "nearest" | "bilinear";
  readonly fillValue: number;

  constructor(config: Config) {
    super(config);
    const { fillMode = "reflect", interpolation = "bilinear", fillValue = 0 } = config;
    if (!fillModes.includes(fillMode)) {
      throw new InvalidConfigError(this.className, "fillMode", `one of ${fillModes.join(", ")}`, fillMode);
    }
    if (!interpolations.includes(interpolation)) {
      throw new InvalidConfigError(
        this.className,
        "interpolation",
        `one of ${interpolations.join(", ")}`,
        interpolation,
      );
    }
    if (!Number.isFinite(fillValue)) {
      throw new InvalidConfigError(this.className, "fillValue", "a finite number", fillValue);
    }
    this.fillMode = fillMode;
    this.interpolation = interpolation;
    this.fillValue = fillValue;
  }

  /** A matrix for each image of this height and width. */
  protected abstract matrices(transformation: Transformation, height: number, width: number): readonly AffineMatrix[];

  protected override transform(images: tf.Tensor, transformation: Transformation): tf.Tensor {
    const [, height = 1, width = 1] = images.shape;
    return affineTransform(images, this.matrices(transformation, height, width), this);
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
