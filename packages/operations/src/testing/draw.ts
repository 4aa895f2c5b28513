import type { RandomStream } from "@featuremap/tensor";
import type { HostTensor, NumericType } from "../references/host-tensor.ts";

/**
 * What floats may be besides normally distributed numbers.
 *
 * - `finite`: nothing
 * - `non-finite`: here and there a NaN or an infinity
 * - `any`: those, zeros of both signs, and numbers at the ends of the range; for kernels that do not sum
 */
export type Extremes = "finite" | "non-finite" | "any";

const NON_FINITE = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const ANY = [...NON_FINITE, 0, -0, 1, -1, 0.5, 2.5, 3.4e38, -3.4e38, 1e-38, -1e-40, 100, -100];

/** One of the given. */
export function pick<T>(random: RandomStream, from: readonly T[]): T {
  // An index below the length is inside.
  return from[random.integer(from.length)] as T;
}

export function chance(random: RandomStream, probability: number): boolean {
  return random.uniform() < probability;
}

/** An integer in `[low, high]`. */
export function between(random: RandomStream, low: number, high: number): number {
  return low + random.integer(high - low + 1);
}

/** Length of an axis: mostly a few elements, often one, seldom none. */
export function axisLength(random: RandomStream, longest = 9): number {
  const kind = random.uniform();
  if (kind < 0.03) return 0;
  if (kind < 0.2) return 1;
  return between(random, 2, longest);
}

export function shapeOfRank(random: RandomStream, rank: number): number[] {
  const shape = Array.from({ length: rank }, () => axisLength(random, rank > 4 ? 4 : 9));
  // Now and then there are enough elements for several tasks, which the threads then share.
  if (rank > 0 && rank < 4 && chance(random, 0.06)) shape[random.integer(rank)] = between(random, 300, 9000);
  return shape;
}

export function anyShape(random: RandomStream, highestRank = 5): number[] {
  return shapeOfRank(random, random.integer(highestRank + 1));
}

/** Two shapes that broadcast together. */
export function broadcastShapes(random: RandomStream): [number[], number[]] {
  const shape = anyShape(random);
  if (chance(random, 0.25)) return [shape, [...shape]];
  const narrowed = (): number[] =>
    shape.slice(chance(random, 0.3) ? random.integer(shape.length + 1) : 0).map((n) => (chance(random, 0.3) ? 1 : n));
  return chance(random, 0.5) ? [narrowed(), shape] : [shape, narrowed()];
}

/** Random values: floats by {@link Extremes}, small integers and now and then the largest, booleans. */
export function draw(
  random: RandomStream,
  shape: readonly number[],
  dtype: NumericType = "float32",
  extremes: Extremes = "finite",
): HostTensor {
  const size = shape.reduce((product, length) => product * length, 1);
  if (dtype === "bool")
    return { shape: [...shape], dtype, values: Uint8Array.from({ length: size }, () => random.integer(2)) };
  if (dtype === "int32") {
    const wide = extremes === "any" && chance(random, 0.2) ? 2 ** 31 - 1 : 12;
    const values = Int32Array.from({ length: size }, () => Math.round(random.uniform(-wide, wide)));
    return { shape: [...shape], dtype, values };
  }
  const special = extremes === "any" ? ANY : NON_FINITE;
  const share = extremes === "finite" || chance(random, 0.6) ? 0 : 0.1;
  const values = Float32Array.from({ length: size }, () =>
    share > 0 && chance(random, share) ? pick(random, special) : random.normal(),
  );
  return { shape: [...shape], dtype, values };
}

/** Some of the axes of a tensor, in order. */
export function someAxes(random: RandomStream, rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => axis).filter(() => chance(random, 0.5));
}
