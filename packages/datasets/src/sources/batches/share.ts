import { InvalidConfigError } from "@featuremap/tensor";

/** Every `ranks`-th example of an epoch's order, from the `rank`-th on: what one of several that train together learns from. */
export interface Share {
  readonly rank: number;
  readonly ranks: number;
}

/** Whoever trains alone. */
export const whole: Share = { rank: 0, ranks: 1 };

/** A share of a share. @throws {InvalidConfigError} `rank` is not an integer in [0, ranks). */
export function shareOf(owner: string, { rank: first, ranks: step }: Share, rank: number, ranks: number): Share {
  if (!Number.isInteger(ranks) || ranks < 1) {
    throw new InvalidConfigError(owner, "ranks", "an integer of at least 1", ranks);
  }
  if (!Number.isInteger(rank) || rank < 0 || rank >= ranks) {
    throw new InvalidConfigError(owner, "rank", `an integer in [0, ${ranks})`, rank);
  }
  return { rank: first + step * rank, ranks: step * ranks };
}

/** Examples of a share: all have equally many, and what does not divide among them is left out. */
export function examplesIn({ ranks }: Share, examples: number): number {
  return Math.floor(examples / ranks);
}

/** What of an epoch's order, or of all places in turn where there is none, falls to a share: its first `count`. */
export function placesIn({ rank, ranks }: Share, count: number, order?: Uint32Array): Uint32Array {
  if (ranks === 1 && order !== undefined) return order.subarray(0, count);
  return Uint32Array.from({ length: count }, (_, index) => order?.[rank + index * ranks] ?? rank + index * ranks);
}
