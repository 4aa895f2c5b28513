import { Activation, Conv2D, Dense, Dropout, Flatten, Input, type Layer, Model, Sequential } from "@featuremap/layers";
import { describe, expect, test } from "vitest";
import { finalActivation } from "./final-activation.ts";
import { toProbabilities, topPredictions } from "./probabilities.ts";

describe("toProbabilities", () => {
  test("leaves what softmax or sigmoid gave as it is", () => {
    expect(toProbabilities([0.25, 0.75], "softmax")).toEqual([0.25, 0.75]);
    expect(toProbabilities([0.5, 0.75], "sigmoid")).toEqual([0.5, 0.75]);
  });

  test("gives logits the softmax, however large they are", () => {
    const [a = 0, b = 0, c = 0] = toProbabilities([1.5, 0.8, 2.1], "linear");
    expect(a + b + c).toBeCloseTo(1, 12);
    expect(c / a).toBeCloseTo(Math.exp(0.6), 12);
    expect(toProbabilities([1e4, 1e4], "linear")).toEqual([0.5, 0.5]);
    expect(toProbabilities([-1e4, 0], "relu")).toEqual([0, 1]);
  });

  test("makes two classes of one output", () => {
    expect(toProbabilities([0.75], "sigmoid")).toEqual([0.25, 0.75]);
    expect(toProbabilities([0], "linear")).toEqual([0.5, 0.5]);
    expect(toProbabilities([-800], "linear")).toEqual([1, 0]);
  });
});

describe("topPredictions", () => {
  test("names the most probable first, equal ones in the order of the labels", () => {
    expect(topPredictions([0.2, 0.3, 0.2, 0.3], ["a", "b", "c", "d"], 3)).toEqual([
      { label: "b", index: 1, probability: 0.3 },
      { label: "d", index: 3, probability: 0.3 },
      { label: "a", index: 0, probability: 0.2 },
    ]);
  });

  test("names all where fewer are there", () => {
    expect(topPredictions([0.5, 0.5], ["a", "b"], 5)).toHaveLength(2);
  });
});

describe("finalActivation", () => {
  const dense = (activation: "softmax" | "linear"): Layer => new Dense({ units: 2, activation });
  test.for<[string, () => Layer[], string]>([
    ["the last layer's", () => [dense("softmax")], "softmax"],
    ["linear where it has none", () => [dense("linear")], "linear"],
    ["an Activation layer's", () => [dense("linear"), new Activation("sigmoid")], "sigmoid"],
    ["the one before layers that pass values on", () => [dense("softmax"), new Dropout({ rate: 0.5 })], "softmax"],
    ["a nested model's", () => [new Sequential([new Flatten(), dense("softmax")])], "softmax"],
    ["linear where the last layer only reshapes", () => [], "linear"],
  ])("finds %s", ([, layers, expected]) => {
    const model = new Sequential([new Flatten({ inputShape: [2, 2, 1] }), ...layers()]);
    expect(finalActivation(model)).toBe(expected);
  });

  test("follows a graph back to a convolution", () => {
    const input = Input({ shape: [2, 2, 1] });
    const maps = new Conv2D({ filters: 2, kernelSize: 2, activation: "sigmoid" }).apply(input);
    expect(finalActivation(new Model({ inputs: input, outputs: new Flatten().apply(maps) }))).toBe("sigmoid");
  });
});
