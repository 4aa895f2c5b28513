import { describeValue } from "../text/describe-value.ts";
import { FormatError, InvalidConfigError } from "../errors.ts";
import { drawShares } from "./gamma-draws.ts";

/** Everything a stream needs to go on where it stood; plain JSON. */
export interface RandomState {
  readonly algorithm: "xoshiro128**";
  readonly words: readonly [number, number, number, number];
}

/**
 * Seeded random numbers whose state can be saved and restored.
 *
 * The generator is xoshiro128** (Blackman and Vigna, 2018), its state filled from the seed by SplitMix32.
 * The same seed gives the same integers, uniform numbers and orders on every machine. Normal variates pass through the
 * engine's logarithm and cosine, and may differ in the last bit from one JavaScript engine to another.
 */
export class RandomStream {
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;

  /**
   * @param seed an integer in [0, 2^32); without one, the system's random source picks it
   * @throws {InvalidConfigError} the seed is not such an integer.
   */
  constructor(seed: number = systemSeed()) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
      throw new InvalidConfigError("RandomStream", "seed", "an integer in [0, 4294967295]", seed);
    }
    const next = splitMix32(seed);
    [this.#a, this.#b, this.#c, this.#d] = [next(), next(), next(), next()];
  }

  /** A stream that goes on from a saved state. @throws {FormatError} the state is not one of {@link save}. */
  static restore(state: RandomState): RandomStream {
    const stream = new RandomStream(0);
    stream.assign(state);
    return stream;
  }

  /** Goes on from a saved state instead. @throws {FormatError} the state is not one of {@link save}. */
  assign(state: RandomState): void {
    // States come from files too, where anything may stand.
    const { algorithm, words }: { algorithm?: unknown; words?: unknown } = state ?? {};
    const valid =
      Array.isArray(words) &&
      words.length === 4 &&
      words.every((word) => Number.isInteger(word) && word >= 0 && word <= 0xffffffff) &&
      words.some((word) => word !== 0);
    if (algorithm !== "xoshiro128**" || !valid) {
      throw new FormatError("random state", "state", "xoshiro128** with four 32-bit words", describeValue(state));
    }
    [this.#a, this.#b, this.#c, this.#d] = state.words;
  }

  /** The state before the next number. */
  save(): RandomState {
    return { algorithm: "xoshiro128**", words: [this.#a >>> 0, this.#b >>> 0, this.#c >>> 0, this.#d >>> 0] };
  }

  /** A stream of its own, seeded by this stream and a name: adding a draw to one leaves the others as they were. */
  fork(name: string): RandomStream {
    if (typeof name !== "string") throw new InvalidConfigError("RandomStream.fork", "name", "text", name);
    let hash = this.uint32();
    for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
    return new RandomStream(hash >>> 0);
  }

  /** An integer, uniform in [0, 2^32). */
  uint32(): number {
    const result = Math.imul(rotateLeft(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = rotateLeft(this.#d, 11);
    return result;
  }

  /** A number, uniform in [low, high), on a grid of 2^-32 of the range. */
  uniform(low = 0, high = 1): number {
    if (!(Number.isFinite(low) && Number.isFinite(high))) {
      throw new InvalidConfigError("RandomStream.uniform", "low and high", "finite numbers", [low, high]);
    }
    return low + (high - low) * (this.uint32() / 0x100000000);
  }

  /**
   * An integer, uniform in [0, bound), without modulo bias.
   *
   * @throws {InvalidConfigError} `bound` is not an integer in [1, 2^32].
   */
  integer(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > 0x100000000) {
      throw new InvalidConfigError("RandomStream.integer", "bound", "an integer in [1, 4294967296]", bound);
    }
    const limit = 0x100000000 - (0x100000000 % bound);
    for (;;) {
      const value = this.uint32();
      if (value < limit) return value % bound;
    }
  }

  /** A normal variate (Box and Muller, 1958); the second of the pair is not kept, so the state is the words alone. */
  normal(mean = 0, standardDeviation = 1): number {
    if (!(Number.isFinite(mean) && Number.isFinite(standardDeviation))) {
      const option = "mean and standardDeviation";
      throw new InvalidConfigError("RandomStream.normal", option, "finite numbers", [mean, standardDeviation]);
    }
    const radius = Math.sqrt(-2 * Math.log((this.uint32() + 1) / 0x100000000));
    return mean + standardDeviation * radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /**
   * Numbers in [0, 1] that add up to 1, from the symmetric Dirichlet distribution.
   *
   * @param concentration above 0: below 1 most of it falls to one of them, far above 1 they are alike
   * @throws {InvalidConfigError} it is not, or `count` is not an integer of at least 1.
   */
  shares(concentration: number, count: number): number[] {
    if (!(concentration > 0 && Number.isFinite(concentration))) {
      throw new InvalidConfigError("RandomStream.shares", "concentration", "a finite number above 0", concentration);
    }
    if (!Number.isInteger(count) || count < 1) {
      throw new InvalidConfigError("RandomStream.shares", "count", "an integer of at least 1", count);
    }
    return drawShares(this, concentration, count);
  }

  /** A number in [0, 1] from the Beta distribution with both parameters alike. @throws as {@link shares} */
  beta(concentration: number): number {
    return this.shares(concentration, 2)[0] ?? 1;
  }

  /**
   * 0 to `length - 1` in random order (Fisher and Yates).
   *
   * @throws {InvalidConfigError} `length` is not an integer in [0, 2^32).
   */
  permutation(length: number): Uint32Array {
    if (!Number.isInteger(length) || length < 0 || length > 0xffffffff) {
      throw new InvalidConfigError("RandomStream.permutation", "length", "an integer in [0, 4294967295]", length);
    }
    const order = new Uint32Array(length);
    for (let index = 0; index < length; index++) order[index] = index;
    for (let index = length - 1; index > 0; index--) {
      const other = this.integer(index + 1);
      const value = order[index] ?? 0;
      order[index] = order[other] ?? 0;
      order[other] = value;
    }
    return order;
  }
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function splitMix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let word = state ^ (state >>> 16);
    word = Math.imul(word, 0x21f0aaad);
    word ^= word >>> 15;
    word = Math.imul(word, 0x735a2d97);
    return word ^ (word >>> 15);
  };
}

function systemSeed(): number {
  return globalThis.crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
