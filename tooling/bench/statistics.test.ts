import { describe, expect, test } from "vitest";
import { median, ratios } from "./statistics.mjs";

describe("median", () => {
  test("is the middle of an odd number of values, in whatever order", () => {
    expect(median([9, 1, 4])).toBe(4);
  });

  test("is the mean of both middle ones of an even number", () => {
    expect(median([8, 1, 4, 2])).toBe(3);
  });

  test("of nothing is not a number", () => {
    expect(median([])).toBeNaN();
  });
});

test("ratios are taken pair by pair, so that a slow moment of the machine cancels out", () => {
  const pairs = [
    { ours: 300, peer: 100 },
    { ours: 30, peer: 10 },
    { ours: 300, peer: 150 },
  ];
  expect(ratios(pairs)).toEqual({ median: 3, lowest: 2, highest: 3 });
});
