import type { HostArray } from "@featuremap/tensor";
import { firstDifference } from "@featuremap/testing/closeness";
import { tolerances } from "@featuremap/testing/tolerances";
import { expect } from "vitest";
import type { GoldenArray } from "./golden-networks.ts";

/** Expects shape and elements to be Keras's, to what sums of float32 in another order may differ by. */
export function expectClose(actual: HostArray, expected: GoldenArray, tolerance: number = tolerances.steps): void {
  const difference = firstDifference({ shape: actual.shape, values: actual.data }, expected, tolerance);
  expect(difference).toBeUndefined();
}
