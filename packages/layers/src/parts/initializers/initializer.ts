import { type FixedShape, type Options, RandomStream, sizeOf } from "@featuremap/tensor";
import { seedOption } from "../../config/kinds.ts";
import { Part } from "../part.ts";

/** Makes the first values of a weight. */
export abstract class Initializer extends Part {
  static override readonly className: string = "Initializer";
  override readonly module = "keras.initializers";

  /**
   * Values in row-major order.
   *
   * @param random where random values come from, unless the initializer has a seed of its own
   */
  abstract initialize(shape: FixedShape, random: RandomStream): Float32Array;
}

/** What every random initializer takes. */
export interface RandomInitializerConfig {
  /** An integer in [0, 2^32). With it, every weight of one shape starts with the same values. */
  readonly seed?: number | null | undefined;
}

const declared = { seed: seedOption() };

/** These options. */
export const randomInitializerOptions: Options<RandomInitializerConfig> = declared;

/** An initializer that draws each element by itself. */
export abstract class RandomInitializer extends Initializer {
  readonly seed: number | null;

  /** @throws {InvalidConfigError} the seed is not an integer in [0, 2^32). */
  constructor(config: RandomInitializerConfig) {
    super(config);
    this.seed = this.settle(declared).seed;
  }

  override initialize(shape: FixedShape, random: RandomStream): Float32Array {
    const values = new Float32Array(sizeOf(shape));
    const draw = this.sampler(shape, this.seed === null ? random : new RandomStream(this.seed));
    for (let index = 0; index < values.length; index++) values[index] = draw();
    return values;
  }

  /** The function that draws one element of a weight of this shape. */
  protected abstract sampler(shape: FixedShape, random: RandomStream): () => number;
}

/** A normal variate, drawn again while it is more than two standard deviations from the mean. */
export function truncatedNormal(random: RandomStream, mean: number, stddev: number): number {
  for (;;) {
    const value = random.normal();
    if (Math.abs(value) <= 2) return mean + stddev * value;
  }
}
