import { InvalidConfigError, RandomStream } from "@featuremap/tensor";
import { elementStream } from "../element-stream.ts";
import type { Pass } from "../elements.ts";

/** What a function of a pipeline is told beside its element. */
export interface ElementContext {
  /** Elements of the epoch that came before this one. */
  readonly index: number;
  readonly epoch: number;
  /** Whether the step was given a seed. */
  readonly isSeeded: boolean;
  /**
   * Random numbers of this element in this epoch, the same however many are worked on at once.
   *
   * @throws {InvalidConfigError} the step was given no seed.
   */
  readonly random: RandomStream;
  /** Raised when nobody wants the result any more. */
  readonly signal: AbortSignal;
}

export function contextOf(
  step: string,
  seed: number | undefined,
  index: number,
  pass: Pass,
): ElementContext & { [Symbol.toPrimitive](): never } {
  const { epoch, signal } = pass;
  let random: RandomStream | undefined;
  return {
    index,
    epoch,
    signal,
    isSeeded: seed !== undefined,
    get random() {
      if (seed === undefined) throw new InvalidConfigError(step, "seed", "given for random numbers", seed);
      random ??= elementStream(new RandomStream(seed), epoch, index);
      return random;
    },
    /** A list's own `map` gives the index in this place. */
    [Symbol.toPrimitive](): never {
      const expected = "destructured, as in (element, { index }) => ..., not used as a number";
      throw new InvalidConfigError(step, "the second argument of its function", expected, "the element's context");
    },
  };
}
