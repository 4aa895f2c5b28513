import { leastShare } from "@featuremap/testing/tolerances";
import { expect, test } from "vitest";
import type { ExpectedArray } from "./arrays.ts";
import { parityCases } from "./fixtures.ts";
import { expectedOfSteps } from "./optimizer-case.ts";

/** How far the weight that has gone farthest has gone, in distances of float32's numbers there. */
function distancesMoved(weights: readonly ExpectedArray[]): number {
  const moved = weights.flatMap(({ values, start }) =>
    Array.from(values).map((value, index) => {
      const from = start?.values[index] ?? Number.NaN;
      return Math.abs(value - from) / (leastShare * Math.max(Math.abs(value), Math.abs(from)));
    }),
  );
  return Math.max(...moved);
}

test("each optimizer and schedule moves weights so far that rounding does not hide what it does", () => {
  const moves = parityCases.flatMap(({ fixture, name, golden }) =>
    "afterLast" in golden
      ? [
          [
            `${fixture}: ${name}`,
            distancesMoved(expectedOfSteps(golden).filter(({ start }) => start !== undefined)),
          ] as const,
        ]
      : [],
  );
  expect(moves.length).toBeGreaterThan(80);
  expect(moves.filter(([, distances]) => !(distances > 10_000))).toEqual([]);
});
