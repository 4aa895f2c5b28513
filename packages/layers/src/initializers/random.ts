import type { FixedShape, RandomStream } from "@featuremap/tensor";
import { RandomInitializer, type RandomInitializerConfig, truncatedNormal } from "./initializer.ts";

export interface RandomUniformConfig extends RandomInitializerConfig {
  /** Smallest value; -0.05 unless said otherwise. */
  readonly minValue?: number | undefined;
  /** Values stay below it; 0.05 unless said otherwise. */
  readonly maxValue?: number | undefined;
}

/** Uniform in [minValue, maxValue). Source: Keras `RandomUniform`. */
export class RandomUniform extends RandomInitializer {
  override readonly className = "RandomUniform";
  readonly minValue: number;
  readonly maxValue: number;

  constructor({ minValue = -0.05, maxValue = 0.05, ...config }: RandomUniformConfig = {}) {
    super(config);
    this.minValue = minValue;
    this.maxValue = maxValue;
  }

  protected override sampler(_shape: FixedShape, random: RandomStream): () => number {
    return () => random.uniform(this.minValue, this.maxValue);
  }

  override getConfig(): Record<string, unknown> {
    return { seed: this.seed, minval: this.minValue, maxval: this.maxValue };
  }
}

export interface RandomNormalConfig extends RandomInitializerConfig {
  /** Mean; 0 unless said otherwise. */
  readonly mean?: number | undefined;
  /** Standard deviation; 0.05 unless said otherwise. */
  readonly standardDeviation?: number | undefined;
}

/** Normal. Source: Keras `RandomNormal`. */
export class RandomNormal extends RandomInitializer {
  override readonly className: string = "RandomNormal";
  readonly mean: number;
  readonly standardDeviation: number;

  constructor({ mean = 0, standardDeviation = 0.05, ...config }: RandomNormalConfig = {}) {
    super(config);
    this.mean = mean;
    this.standardDeviation = standardDeviation;
  }

  protected override sampler(_shape: FixedShape, random: RandomStream): () => number {
    return () => random.normal(this.mean, this.standardDeviation);
  }

  override getConfig(): Record<string, unknown> {
    return { seed: this.seed, mean: this.mean, stddev: this.standardDeviation };
  }
}

/** Normal, but never more than two standard deviations from the mean. Source: Keras `TruncatedNormal`. */
export class TruncatedNormal extends RandomNormal {
  override readonly className = "TruncatedNormal";

  protected override sampler(_shape: FixedShape, random: RandomStream): () => number {
    return () => truncatedNormal(random, this.mean, this.standardDeviation);
  }
}
