import { Option, type Options, type RandomStream } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { homography, projectiveTransform, type Corners } from "@featuremap/operations";
import type { ImageShape } from "../../../config/options.ts";
import { type AugmentationConfig, AugmentationLayer, augmentationOptions, drawChosen } from "../augmentation-layer.ts";
import { type Factor, type FactorRange, factorOption } from "../factor.ts";
import { chooseImages } from "../image-transform-layer.ts";
import { type Interpolation, fillValueOption, interpolationOption } from "../interpolation.ts";

export interface RandomPerspectiveConfig extends AugmentationConfig {
  /** Chance that an image changes, in [0, 1]: drawn for each from 0 to this number, or between two. Default: 1. */
  readonly factor?: Factor | undefined;
  /** How far corners move, in [0, 1]: with 1, by up to half their distance from the top and the left. Default: 1. */
  readonly scale?: number | undefined;
  /** Default: `bilinear`. */
  readonly interpolation?: Interpolation | undefined;
  /** The value of pixels outside of the image. Default: 0. */
  readonly fillValue?: number | undefined;
}

/** Whether each image is tilted, and where its corners are before and after, in pixels. */
export interface Perspective {
  readonly applyPerspective: readonly boolean[];
  readonly startPoints: readonly Corners[];
  readonly endPoints: readonly Corners[];
}

const declared = {
  factor: factorOption({ least: 0, most: 1 }).notNull().default(1),
  scale: Option.range(0, 1).notNull().default(1),
  interpolation: interpolationOption(),
  fillValue: fillValueOption(),
};

/**
 * Shows some images as if seen from the side while training; prediction leaves images as they are.
 *
 * As in Keras, the corner at the top left keeps its place.
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `RandomPerspective`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 */
export class RandomPerspective extends AugmentationLayer<RandomPerspectiveConfig, Perspective> {
  static override readonly className: string = "RandomPerspective";
  static override readonly options: Options<RandomPerspectiveConfig> = { ...declared, ...augmentationOptions };
  readonly factor: FactorRange;
  readonly scale: number;
  readonly interpolation: Interpolation;
  readonly fillValue: number;

  constructor(config: RandomPerspectiveConfig = {}) {
    super(config);
    const values = this.settle(declared);
    this.factor = values.factor;
    this.scale = values.scale;
    this.interpolation = values.interpolation;
    this.fillValue = values.fillValue;
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
}
