import { firstDifference } from "@featuremap/testing/closeness";
import { leastShare } from "@featuremap/testing/tolerances";
import { describe, expect, test } from "vitest";

const list = (...values: number[]) => ({ shape: [values.length], values });

describe("how far arrays may be apart", () => {
  test("is a share of their own size, however small that is", () => {
    expect(firstDifference(list(1.00001e-6), list(1e-6), 2e-5)).toBeUndefined();
    expect(firstDifference(list(1.0001e-6), list(1e-6), 2e-5)).toContain("element 0 of 1");
    expect(firstDifference(list(1e-12), list(0), 2e-5)).toContain("element 0 of 1");
  });

  test("is float32's resolution at least, of the largest element", () => {
    const wanted = list(1, 0, 0, 0, 0);
    expect(firstDifference(list(1, leastShare, 0, 0, 0), wanted, 1e-9)).toBeUndefined();
    expect(firstDifference(list(1, 2 * leastShare, 0, 0, 0), wanted, 1e-9)).toContain("element 1 of 5");
  });

  test("is a share of how far weights have moved, and a few roundings at least", () => {
    const start = list(1, 1);
    expect(firstDifference(list(1.01, 0.99), list(1.01, 0.99), 1e-4, { start })).toBeUndefined();
    expect(firstDifference(list(1.01001, 0.99), list(1.01, 0.99), 1e-4, { start })).toContain("element 0 of 2");
    expect(firstDifference(list(1, 1), list(1.00001, 1), 1e-4, { start })).toContain("element 0 of 2");
    expect(firstDifference(list(1 + 3 * leastShare, 1), list(1, 1), 1e-4, { start })).toBeUndefined();
  });

  test("forbids what is not a number, another shape, and another count", () => {
    expect(firstDifference(list(Number.NaN), list(1), 1)).toContain("element 0 of 1 is NaN");
    expect(firstDifference(list(1), { shape: [], values: [1] }, 1)).toContain("the shape is [1]");
    expect(firstDifference({ shape: [2], values: [1] }, list(1, 2), 1)).toContain("there are 1 numbers");
  });
});
