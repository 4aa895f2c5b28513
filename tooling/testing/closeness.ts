import { leastShare, weightRoundings } from "./tolerances.ts";

/** An array as JSON holds it. */
export interface NumberArray {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** What an array came from. */
export interface Origin {
  /** What it was before it moved, as a weight does in training: how far it has moved is then compared. */
  readonly start?: NumberArray | undefined;
}

/**
 * Tells where two arrays first differ, in shape or in an element; undefined where they are the same.
 *
 * @param tolerance as a share of the larger of the element and the mean magnitude of its array; with a start, of the
 *   larger of the element's movement and the mean movement
 */
export function firstDifference(
  actual: NumberArray,
  expected: NumberArray,
  tolerance: number,
  { start }: Origin = {},
): string | undefined {
  if (actual.shape.join() !== expected.shape.join()) {
    return `the shape is [${actual.shape.join()}], must be [${expected.shape.join()}]`;
  }
  const wanted = Array.from(expected.values);
  if (actual.values.length !== wanted.length) {
    return `there are ${actual.values.length} numbers, must be ${wanted.length}`;
  }
  const from = (index: number): number => (start === undefined ? 0 : (start.values[index] ?? Number.NaN));
  const sizes = wanted.map((value, index) => Math.abs(value - from(index)));
  const magnitude = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  for (const [index, value] of wanted.entries()) {
    const received = actual.values[index] ?? Number.NaN;
    const least =
      start === undefined
        ? leastShare * largest
        : weightRoundings * leastShare * Math.max(Math.abs(value), Math.abs(from(index)));
    const allowed = Math.max(tolerance * Math.max(sizes[index] ?? 0, magnitude), least);
    // Written so that NaN is far from everything.
    if (!(Math.abs(received - value) <= allowed)) {
      return `element ${index} of ${wanted.length} is ${received}, must be ${value} within ${allowed.toPrecision(2)}`;
    }
  }
  return undefined;
}
