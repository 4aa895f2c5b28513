import { InvalidConfigError, type OptionNames, type RandomStream } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../../config/config-reader.ts";
import { homography, projectiveTransform, type Corners } from "@featuremap/operations";
import {
  type AugmentationConfig,
  AugmentationLayer,
  type Factor,
  augmentationOptions,
  drawChosen,
  readAugmentationConfig,
  requireFactor,
} from "../augmentation-layer.ts";
import { type Interpolation, interpolations, requireFillValue, requireInterpolation } from "../interpolation.ts";
import { chooseImages } from "../image-transform-layer.ts";
import { type ImageShape, isWithin } from "../../../config/options.ts";

export interface RandomPerspectiveConfig extends AugmentationConfig {
  /** In [0, 1]: the chance of an image, drawn for each between 0 and this or between the two. Default: 1. */
  readonly factor?: Factor | undefined;
  /** How far corners move, in [0, 1]: with 1, by up to half of their distances from the top and from the left. 1 by default. */
  readonly scale?: number | undefined;
  /** Default: `bilinear`. */
  readonly interpolation?: Interpolation | undefined;
  /** What lies outside of an image. Default: 0. */
  readonly fillValue?: number | undefined;
}

/** Which images are tilted, and where their corners come from and go to, in pixels. */
export interface Perspective {
  readonly applyPerspective: readonly boolean[];
  readonly startPoints: readonly Corners[];
  readonly endPoints: readonly Corners[];
}

/**
 * Shows some images as if seen from aside while training; prediction gives images back.
 *
 * As in Keras, the corner at the top left keeps its place.
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `RandomPerspective`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 */
export class RandomPerspective extends AugmentationLayer<RandomPerspectiveConfig, Perspective> {
  static override readonly className = "RandomPerspective";
  static override readonly options: OptionNames<RandomPerspectiveConfig> = {
    factor: true,
    scale: true,
    interpolation: true,
    fillValue: true,
    ...augmentationOptions,
  };
  readonly factor: readonly [number, number];
  readonly scale: number;
  readonly interpolation: Interpolation;
  readonly fillValue: number;

  constructor(config: RandomPerspectiveConfig = {}) {
    super(config);
    const { factor = 1, scale = 1 } = config;
    this.factor = requireFactor("RandomPerspective", "factor", factor, { least: 0, most: 1 });
    if (!isWithin(scale, 0, 1)) throw new InvalidConfigError("RandomPerspective", "scale", "in [0, 1]", scale);
    this.interpolation = requireInterpolation("RandomPerspective", config.interpolation);
    this.fillValue = requireFillValue("RandomPerspective", config.fillValue);
    this.scale = scale;
  }

  protected override drawTransformation(images: ImageShape, random: RandomStream): Perspective {
    const [right, bottom] = [(images.width ?? 1) - 1, (images.height ?? 1) - 1];
    const corners: Corners = [
      [0, 0],
      [right, 0],
      [0, bottom],
      [right, bottom],
    ];
    const moved = (length: number): number => length * (1 + this.scale * random.uniform(-0.5, 0.5));
    const applyPerspective = drawChosen(random, images, this.factor);
    return {
      applyPerspective,
      startPoints: applyPerspective.map(() => corners),
      endPoints: applyPerspective.map(
        () => corners.map(([x, y]): Corners[number] => [moved(x), moved(y)]) as readonly Corners[number][] as Corners,
      ),
    };
  }

  protected override transform(images: tf.Tensor, transformation: Perspective): tf.Tensor {
    const { applyPerspective, startPoints, endPoints } = transformation;
    const matrices = startPoints.map((from, image) => homography(from, endPoints[image] ?? from));
    const { interpolation, fillValue } = this;
    const tilted = projectiveTransform(images, matrices, { interpolation, fillValue, fillMode: "constant" });
    return chooseImages(applyPerspective, tilted, images);
  }

  override getConfig(): Record<string, unknown> {
    const { factor, scale, interpolation, fillValue } = this;
    return { ...super.getConfig(), factor, scale, interpolation, fill_value: fillValue };
  }

  static fromConfig(reader: ConfigReader): RandomPerspective {
    return new RandomPerspective({
      ...readAugmentationConfig(reader),
      factor: reader.pair("factor"),
      scale: reader.number("scale"),
      interpolation: reader.word("interpolation", interpolations),
      fillValue: reader.number("fill_value"),
    });
  }
}
