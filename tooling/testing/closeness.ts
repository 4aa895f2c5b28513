/** An array as JSON holds it. */
export interface NumberArray {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** Differences that no tolerance forbids: the distance of float32's numbers near 1. */
const leastDifference = 2 ** -23;

/**
 * Tells where two arrays first differ, in shape or in an element; undefined where they are the same.
 *
 * @param tolerance as a share of the larger of the element and the mean magnitude of its array
 */
export function firstDifference(actual: NumberArray, expected: NumberArray, tolerance: number): string | undefined {
  if (actual.shape.join() !== expected.shape.join()) {
    return `the shape is [${actual.shape.join()}], must be [${expected.shape.join()}]`;
  }
  const wanted = Array.from(expected.values);
  if (actual.values.length !== wanted.length) {
    return `there are ${actual.values.length} numbers, must be ${wanted.length}`;
  }
  const magnitude = wanted.reduce((sum, value) => sum + Math.abs(value), 0) / wanted.length;
  for (const [index, value] of wanted.entries()) {
    const received = actual.values[index] ?? Number.NaN;
    const allowed = Math.max(tolerance * Math.max(Math.abs(value), magnitude), leastDifference);
    // Written so that NaN is far from everything.
    if (!(Math.abs(received - value) <= allowed)) {
      return `element ${index} of ${wanted.length} is ${received}, must be ${value} within ${allowed.toPrecision(2)}`;
    }
  }
  return undefined;
}
