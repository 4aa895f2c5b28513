import { Option, type Options, type RandomStream } from "@featuremap/tensor";
import type { ProjectiveMatrix } from "@featuremap/operations";
import type { ConfigReader } from "../../../config/config-reader.ts";
import type { ImageShape } from "../../../config/options.ts";
import { drawEach } from "../augmentation-layer.ts";
import { type Factor, type FactorRange, factorOption } from "../factor.ts";
import { type AffineConfig, AffineLayer, affineOptions } from "./affine-layer.ts";

export interface RandomShearConfig extends AffineConfig {
  /** In [0, 1]: 0.2 for a shift of up to a fifth of a pixel from row to row, either way; or between two. Default: 0. */
  readonly xFactor?: Factor | undefined;
  /** Likewise from column to column. */
  readonly yFactor?: Factor | undefined;
}

/** How far each image shifts from row to row, and from column to column, in pixels. */
export interface Shear {
  readonly shearFactor: readonly (readonly [x: number, y: number])[];
}

/** One number stands for a range on both sides of 0, unlike other factors in [0, 1]. */
function shearOption(): Option<Factor | undefined, FactorRange> {
  const { kind } = factorOption({ least: 0, most: 1 }, (factor) => [-factor, factor]);
  return new Option<Factor, FactorRange>({
    ...kind,
    read: (saved: ConfigReader, key) => {
      const factor = saved.pair(key);
      return typeof factor === "object" && factor[0] < 0 && factor[0] === -factor[1] ? factor[1] : factor;
    },
    // Keras saves the range in either case, and refuses to read one with a negative end.
    write: ([lower, upper]) => (lower < 0 ? upper : [Math.abs(lower), upper]),
    refusesNull: true,
  }).default(0);
}

const declared = { xFactor: shearOption(), yFactor: shearOption() };

/**
 * Slants each image, by factors drawn for it, while training; prediction leaves images as they are.
 *
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `RandomShear`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 */
export class RandomShear extends AffineLayer<RandomShearConfig, Shear> {
  static override readonly className: string = "RandomShear";
  static override readonly options: Options<RandomShearConfig> = { ...declared, ...affineOptions };
  readonly xFactor: FactorRange;
  readonly yFactor: FactorRange;

  constructor(config: RandomShearConfig = {}) {
    super(config);
    ({ xFactor: this.xFactor, yFactor: this.yFactor } = this.settle(declared));
  }

  protected override drawTransformation(images: ImageShape, random: RandomStream): Shear {
    const across = drawEach(random, images, this.xFactor);
    const down = drawEach(random, images, this.yFactor);
    return {
      shearFactor: across.map((x, image) => {
        const sign = random.uniform() > 0.5 ? -1 : 1;
        return [sign * x, sign * (down[image] ?? 0)] as const;
      }),
    };
  }

  protected override matrices({ shearFactor }: Shear): readonly ProjectiveMatrix[] {
    return shearFactor.map(([x, y]) => [1, x, 0, y, 1, 0]);
  }
}
