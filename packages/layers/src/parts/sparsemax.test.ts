import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test, vi } from "vitest";
import { Activation, Conv2D, Dense, DepthwiseConv2D, type Layer } from "../index.ts";
import { useBackend } from "@featuremap/testing/backend";
import { registerGradients, sparsemax } from "@featuremap/operations";

useBackend(registerGradients);

/** As the paper has it: by sorting. */
function bySorting(inputs: readonly number[]): number[] {
  const sorted = inputs.toSorted((a, b) => b - a);
  let sum = 0;
  let threshold = 0;
  for (const [index, value] of sorted.entries()) {
    sum += value;
    if (1 + (index + 1) * value > sum) threshold = (sum - 1) / (index + 1);
  }
  return inputs.map((value) => Math.max(0, value - threshold));
}

describe("sparsemax", () => {
  const random = (count: number, make: (uniform: number) => number): number[] => {
    let state = 1;
    return Array.from({ length: count }, () => make((state = (state * 48_271) % 2_147_483_647) / 2_147_483_647));
  };

  test.for([
    ["alike", random(1000, () => 3)],
    ["spread evenly", random(1000, (value) => 4 * value - 2)],
    ["close together", random(1000, (value) => value / 1000)],
    ["of all magnitudes", random(1000, (value) => -(2 ** (-30 * value)))],
    ["of all magnitudes below one that is far above", [...random(1000, (value) => -(2 ** (30 * value))), 5]],
    ["halved one after another", Array.from({ length: 25 }, (_, index) => -(2 ** -index))],
    ["many at the edge", [1, ...random(4000, (value) => 1e-4 * value)]],
    ["endless below", [-Infinity, 0.5, 0.25, -1e38]],
    ["one", [7]],
  ] as const)("finds the threshold of inputs that are %s", ([, inputs]) => {
    const expected = bySorting(inputs);
    const found = tf.tidy(() => sparsemax(tf.tensor([[...inputs]])).dataSync());
    expected.forEach((value, index) => expect(found[index]).toBeCloseTo(value, 6));
  });

  test("is NaN where an input is", () => {
    expect([...tf.tidy(() => sparsemax(tf.tensor([Number.NaN, 1])).dataSync())]).toEqual([Number.NaN, Number.NaN]);
  });

  test("makes no object for each element, and nothing that is not measured", () => {
    const count = 2 ** 18;
    const layer = new Activation("sparsemax");
    const sort = vi.spyOn(tf.getKernel("TopK", "cpu"), "kernelFunc");
    let most = 0;
    const before = tf.memory().numBytes;
    for (const name of ["Relu", "Step", "Sum"]) {
      const kernel = tf.getKernel(name, "cpu");
      const { kernelFunc } = kernel;
      vi.spyOn(kernel, "kernelFunc").mockImplementation((options) => {
        most = Math.max(most, tf.memory().numBytes - before);
        return kernelFunc(options);
      });
    }
    const input = tf.tidy(() => tf.reshape(tf.linspace(0, 1, count), [1, count]));
    tf.tidy(() => {
      const output = layer.call(input);
      expect(tf.sum(output).dataSync()[0]).toBeCloseTo(1, 3);
    });
    input.dispose();
    expect(sort).not.toHaveBeenCalled();
    expect(most).toBeLessThanOrEqual(4 * layer.measure([[1, count]]).held.amount + 1000);
    vi.restoreAllMocks();
  });

  test("is counted wherever an activation stands", () => {
    const makers: readonly (readonly [(activation: "sparsemax" | "linear") => Layer, ...number[]])[] = [
      [(activation) => new Activation(activation), 8],
      [(activation) => new Dense({ units: 8, activation }), 8],
      [(activation) => new Conv2D({ filters: 8, kernelSize: 1, activation }), 4, 4, 8],
      [(activation) => new DepthwiseConv2D({ kernelSize: 1, activation }), 4, 4, 8],
    ];
    for (const [make, ...shape] of makers) {
      const [found, plain] = (["sparsemax", "linear"] as const).map((name) => make(name).measure([[1, ...shape]]));
      const elements = shape.reduce((product, length) => product * length);
      expect((found?.held.amount ?? 0) - (plain?.held.amount ?? 0)).toBe(3 * elements);
      expect((found?.operations ?? 0) - (plain?.operations ?? 0)).toBe(4 * 15 * elements);
    }
  });
});
