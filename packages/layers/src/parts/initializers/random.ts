import { type FixedShape, InvalidConfigError, type OptionNames, type RandomStream } from "@featuremap/tensor";
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

/**
 * Uniform in [minval, maxval). Source: Keras `RandomUniform`.
 *
 * @throws {InvalidConfigError} a bound is not finite, they are the wrong way round, or the seed is not an integer in [0, 2^32).
 */
export class RandomUniform extends RandomInitializer {
  static override readonly className = "RandomUniform";
  static override readonly options: OptionNames<RandomUniformConfig> = {
    minval: true,
    maxval: true,
    ...randomInitializerOptions,
  };
  readonly minval: number;
  readonly maxval: number;

  constructor(config: RandomUniformConfig = {}) {
    super(config);
    const { minval = -0.05, maxval = 0.05 } = config;
    if (!Number.isFinite(minval)) throw new InvalidConfigError("RandomUniform", "minval", "a finite number", minval);
    if (!(Number.isFinite(maxval) && maxval >= minval)) {
      throw new InvalidConfigError("RandomUniform", "maxval", `a finite number of at least minval (${minval})`, maxval);
    }
    this.minval = minval;
    this.maxval = maxval;
  }

  protected override sampler(_shape: FixedShape, random: RandomStream): () => number {
    return () => random.uniform(this.minval, this.maxval);
  }

  override getConfig(): Record<string, unknown> {
    return { seed: this.seed, minval: this.minval, maxval: this.maxval };
  }
}

export interface RandomNormalConfig extends RandomInitializerConfig {
  /** Default: 0. */
  readonly mean?: number | undefined;
  /** Standard deviation. Default: 0.05. */
  readonly stddev?: number | undefined;
}

const normalOptions: OptionNames<RandomNormalConfig> = { mean: true, stddev: true, ...randomInitializerOptions };

/** An initializer around a mean, with a standard deviation. */
abstract class NormalInitializer extends RandomInitializer {
  readonly mean: number;
  readonly stddev: number;

  constructor(config: RandomNormalConfig = {}) {
    super(config);
    const { mean = 0, stddev = 0.05 } = config;
    if (!Number.isFinite(mean)) throw new InvalidConfigError(this.className, "mean", "a finite number", mean);
    if (!(Number.isFinite(stddev) && stddev >= 0)) {
      throw new InvalidConfigError(this.className, "stddev", "a number of at least 0", stddev);
    }
    this.mean = mean;
    this.stddev = stddev;
  }

  override getConfig(): Record<string, unknown> {
    return { seed: this.seed, mean: this.mean, stddev: this.stddev };
  }
}

/**
 * Normal. Source: Keras `RandomNormal`.
 *
 * @throws {InvalidConfigError} `mean` is not finite, `stddev` negative or not finite, or the seed no integer in [0, 2^32).
 */
export class RandomNormal extends NormalInitializer {
  static override readonly className = "RandomNormal";
  static override readonly options: OptionNames<RandomNormalConfig> = normalOptions;

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
  static override readonly className = "TruncatedNormal";
  static override readonly options: OptionNames<RandomNormalConfig> = normalOptions;

  protected override sampler(_shape: FixedShape, random: RandomStream): () => number {
    return () => truncatedNormal(random, this.mean, this.stddev);
  }
}
