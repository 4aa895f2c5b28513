import { Option, type Options, type RandomStream } from "@featuremap/tensor";
import type { ProjectiveMatrix } from "@featuremap/operations";
import type { ConfigReader } from "../../../config/config-reader.ts";
import type { ImageShape } from "../../../config/options.ts";
import { drawEach } from "../augmentation-layer.ts";
import { type Factor, type FactorRange, factorOption } from "../factor.ts";
import { type AffineConfig, AffineLayer, affineOptions } from "./affine-layer.ts";

export interface RandomShearConfig extends AffineConfig {
  /** In [0, 1]: 0.2 for columns that move by up to a fifth of a pixel for each row, either way, or between two; 0 by default. */
  readonly xFactor?: Factor | undefined;
  /** Likewise of rows. */
  readonly yFactor?: Factor | undefined;
}

/** How far columns and rows of each image move, in pixels for each row and column. */
export interface Shear {
  readonly shearFactor: readonly (readonly [x: number, y: number])[];
}

/** No lower than -1, unlike other factors that lie in [0, 1]. */
function shearOption(): Option<Factor | undefined, FactorRange> {
  const { kind } = factorOption({ least: 0, most: 1 }, (factor) => [-factor, factor]);
  return new Option<Factor, FactorRange>({
    ...kind,
    read: (saved: ConfigReader, key) => {
      const factor = saved.pair(key);
      return typeof factor === "object" && factor[0] < 0 && factor[0] === -factor[1] ? factor[1] : factor;
    },
    // Keras saves two numbers either way, which it refuses to read again where the first is negative.
    write: ([lower, upper]) => (lower < 0 ? upper : [Math.abs(lower), upper]),
    refusesNull: true,
  }).default(0);
}

const declared = { xFactor: shearOption(), yFactor: shearOption() };

/**
 * Slants each image by factors of its own while training; prediction gives images back.
 *
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `RandomShear`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 */
export class RandomShear extends AffineLayer<RandomShearConfig, Shear> {
  static override readonly className = "RandomShear";
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
