import { expect, test } from "vitest";
import { balancedWeights } from "./class-weights.ts";

// scikit-learn's compute_class_weight("balanced") of the classes that are there.
test.for([
  [[0, 0, 0, 1], 2, [4 / 6, 2]],
  [[2, 0, 2, 2, 1, 0], 3, [1, 2, 6 / 9]],
] as const)("weights of %j are scikit-learn's", ([labels, classes, weights]) => {
  expect(balancedWeights(labels, classes)).toEqual(weights);
});

test("a class without pictures takes nothing away from the others", () => {
  const labels = Int32Array.from([0, 0, 0, 3]);
  const weights = balancedWeights(labels, 5);
  expect([weights[0], weights[3]]).toEqual([4 / 6, 2]);
  expect(labels.reduce((sum, label) => sum + (weights[label] ?? Number.NaN), 0)).toBeCloseTo(4, 12);
});
