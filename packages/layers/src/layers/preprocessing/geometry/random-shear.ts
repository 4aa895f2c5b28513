import type { OptionNames, RandomStream } from "@featuremap/tensor";
import type { ConfigReader } from "../../../config/config-reader.ts";
import type { ProjectiveMatrix } from "@featuremap/operations";
import { type AffineConfig, AffineLayer, affineOptions, readAffineConfig } from "./affine-layer.ts";
import { type Factor, drawEach, requireFactor } from "../augmentation-layer.ts";
import type { ImageShape } from "../../../config/options.ts";

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

/**
 * Slants each image by factors of its own while training; prediction gives images back.
 *
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `RandomShear`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 */
export class RandomShear extends AffineLayer<RandomShearConfig, Shear> {
  static override readonly className = "RandomShear";
  static override readonly options: OptionNames<RandomShearConfig> = { xFactor: true, yFactor: true, ...affineOptions };
  readonly xFactor: readonly [number, number];
  readonly yFactor: readonly [number, number];

  constructor(config: RandomShearConfig = {}) {
    super(config);
    this.xFactor = requireShear("xFactor", config.xFactor);
    this.yFactor = requireShear("yFactor", config.yFactor);
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

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), x_factor: savedShear(this.xFactor), y_factor: savedShear(this.yFactor) };
  }

  static fromConfig(reader: ConfigReader): RandomShear {
    return new RandomShear({
      ...readAffineConfig(reader),
      xFactor: readShear(reader, "x_factor"),
      yFactor: readShear(reader, "y_factor"),
    });
  }
}

/** No lower than -1, unlike other factors that lie in [0, 1]. */
function requireShear(option: string, factor: Factor = 0): readonly [number, number] {
  const range = requireFactor("RandomShear", option, factor, { least: 0, most: 1 });
  return typeof factor === "number" ? [-factor, factor] : range;
}

/** As Keras saves it, and one number where it saves two that it refuses to read again. */
function savedShear([lower, upper]: readonly [number, number]): Factor {
  return lower < 0 ? upper : [Math.abs(lower), upper];
}

function readShear(reader: ConfigReader, key: string): Factor | undefined {
  const factor = reader.pair(key);
  return typeof factor === "object" && factor[0] < 0 && factor[0] === -factor[1] ? factor[1] : factor;
}
