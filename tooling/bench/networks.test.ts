import { expect, test } from "vitest";
import { networks, weightShapes } from "./networks.mjs";

test("the shapes of N1's weights are Keras's", () => {
  expect(weightShapes(networks.n1)).toEqual([
    [3, 3, 1, 32],
    [32],
    [3, 3, 32, 64],
    [64],
    [3, 3, 64, 128],
    [128],
    [1152, 10],
    [10],
  ]);
});

test.for(["n1", "n3"] as const)("the weights of %s are as many as its description says", (name) => {
  const sizes = weightShapes(networks[name]).map((shape) => shape.reduce((product, length) => product * length, 1));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(networks[name].parameters);
});
