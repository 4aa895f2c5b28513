import { type FixedShape, InvalidConfigError, Option, type Options, type RandomStream } from "@featuremap/tensor";
import {
  RandomInitializer,
  type RandomInitializerConfig,
  randomInitializerOptions,
  truncatedNormal,
} from "./initializer.ts";

export interface RandomUniformConfig extends RandomInitializerConfig {
  /** Smallest value. Default: -0.05. */
  readonly minval?: number | undefined;
  /** Values stay below it. Default: 0.05. */
  readonly maxval?: number | undefined;
}

const bounds = {
  minval: Option.number().notNull().default(-0.05),
  maxval: Option.number().notNull().default(0.05),
};

/**
 * Uniform in [minval, maxval). Source: Keras `RandomUniform`.
 *
 * @throws {InvalidConfigError} a bound is not finite, they are the wrong way round, or the seed is not an integer in [0, 2^32).
 */
export class RandomUniform extends RandomInitializer {
  static override readonly className: string = "RandomUniform";
  static override readonly options: Options<RandomUniformConfig> = { ...bounds, ...randomInitializerOptions };
  readonly minval: number;
  readonly maxval: number;

  constructor(config: RandomUniformConfig = {}) {
    super(config);
    ({ minval: this.minval, maxval: this.maxval } = this.settle(bounds));
    const { minval, maxval } = this;
    if (maxval < minval) {
      throw new InvalidConfigError("RandomUniform", "maxval", `a finite number of at least minval (${minval})`, maxval);
    }
  }

  protected override sampler(_shape: FixedShape, random: RandomStream): () => number {
    return () => random.uniform(this.minval, this.maxval);
  }
}

export interface RandomNormalConfig extends RandomInitializerConfig {
  /** Default: 0. */
  readonly mean?: number | undefined;
  /** Standard deviation. Default: 0.05. */
  readonly stddev?: number | undefined;
}

const moments = {
  mean: Option.number().notNull().default(0),
  stddev: Option.nonNegative().notNull().default(0.05),
};

const normalOptions: Options<RandomNormalConfig> = { ...moments, ...randomInitializerOptions };

/** An initializer around a mean, with a standard deviation. */
abstract class NormalInitializer extends RandomInitializer {
  readonly mean: number;
  readonly stddev: number;

  constructor(config: RandomNormalConfig = {}) {
    super(config);
    ({ mean: this.mean, stddev: this.stddev } = this.settle(moments));
  }
}

/**
 * Normal. Source: Keras `RandomNormal`.
 *
 * @throws {InvalidConfigError} `mean` is not finite, `stddev` negative or not finite, or the seed is not an integer in [0, 2^32).
 */
export class RandomNormal extends NormalInitializer {
  static override readonly className: string = "RandomNormal";
  static override readonly options: Options<RandomNormalConfig> = normalOptions;

  protected override sampler(_shape: FixedShape, random: RandomStream): () => number {
    return () => random.normal(this.mean, this.stddev);
  }
}

/**
 * Normal, but never more than two standard deviations from the mean. Source: Keras `TruncatedNormal`.
 *
 * @throws {InvalidConfigError} as {@link RandomNormal}.
 */
export class TruncatedNormal extends NormalInitializer {
  static override readonly className: string = "TruncatedNormal";
  static override readonly options: Options<RandomNormalConfig> = normalOptions;

  protected override sampler(_shape: FixedShape, random: RandomStream): () => number {
    return () => truncatedNormal(random, this.mean, this.stddev);
  }
}
