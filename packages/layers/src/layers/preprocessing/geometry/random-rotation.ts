import type { Options, RandomStream } from "@featuremap/tensor";
import type { ProjectiveMatrix } from "@featuremap/operations";
import type { ImageShape } from "../../../config/options.ts";
import { drawEach } from "../augmentation-layer.ts";
import { type Factor, type FactorRange, factorOption } from "../factor.ts";
import { type AffineConfig, AffineLayer, affineOptions } from "./affine-layer.ts";

export interface RandomRotationConfig extends AffineConfig {
  /** Share of a full turn, in [-1, 1]: 0.2 for angles from -72 to 72 degrees, or the smallest and the largest. */
  readonly factor: Factor;
}

/** The angle of each image, in degrees, anticlockwise. */
export interface Rotation {
  readonly angles: readonly number[];
}

const declared = { factor: factorOption({ least: -1, most: 1 }) };

/**
 * Turns each image about its middle, by an angle drawn for it, while training; prediction leaves images as they are.
 *
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `RandomRotation`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 */
export class RandomRotation extends AffineLayer<RandomRotationConfig, Rotation> {
  static override readonly className: string = "RandomRotation";
  static override readonly options: Options<RandomRotationConfig> = { ...declared, ...affineOptions };
  /** Smallest and largest share of a full turn. */
  readonly factor: FactorRange;

  constructor(config: RandomRotationConfig) {
    super(config);
    ({ factor: this.factor } = this.settle(declared));
  }

  protected override drawTransformation(images: ImageShape, random: RandomStream): Rotation {
    const [lower, upper] = this.factor;
    return { angles: drawEach(random, images, [lower * 360, upper * 360]) };
  }

  protected override matrices({ angles }: Rotation, height: number, width: number): readonly ProjectiveMatrix[] {
    const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
    return angles.map((angle) => {
      const [cosine, sine] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
      const offsetX = middleX - middleX * cosine + middleY * sine;
      return [cosine, -sine, offsetX, sine, cosine, middleY - middleX * sine - middleY * cosine];
    });
  }
}
