import { firstDifference } from "@featuremap/testing/closeness";
import type { Tolerances } from "@featuremap/testing/tolerances";
import type { ParityResult } from "./parity-case.ts";

/** Tells each array of a case that is not Keras's, and each tensor that was left. */
export function differences({ actual, expected, leaked, error }: ParityResult, tolerances: Tolerances): string[] {
  if (error !== undefined) return [error];
  const found = expected.flatMap((wanted, index) => {
    const { name, precision } = wanted;
    const received = actual[index];
    const difference =
      received === undefined ? "it is missing" : firstDifference(received, wanted, tolerances[precision], wanted);
    return difference === undefined ? [] : [`${name}: ${difference}`];
  });
  if (actual.length > expected.length) found.push(`there are ${actual.length} arrays, must be ${expected.length}`);
  if (leaked !== 0) found.push(`${leaked} tensors are left`);
  return found;
}
