import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { Activation, Conv2D, Dense, Flatten, RandomCrop, Sequential, SeparableConv2D } from "../index.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";

useBackend(registerGradients);

describe("activations by name", () => {
  test.for([
    ["swish", "silu"],
    ["hardSwish", "hard_silu"],
    ["hard_swish", "hard_silu"],
    ["leaky_relu", "leaky_relu"],
    ["leakyRelu", "leaky_relu"],
  ] as const)("%s is Keras's %s", ([name, keras]) => {
    expect(new Activation(name).getConfig()["activation"]).toBe(keras);
  });
});

describe("glu", () => {
  test("halves the last axis, as it promises", () => {
    const layer = new Activation("glu");
    expect(layer.outputShape([null, 5, 6])).toEqual([null, 5, 3]);
    tf.tidy(() => {
      const [first, second] = layer.call(tf.tensor2d([[3, -2, 0, Math.log(3)]])).dataSync();
      expect(first).toBeCloseTo(1.5, 6);
      expect(second).toBeCloseTo(-1.5, 6);
    });
    expect(() => layer.outputShape([null, 3])).toThrow(
      "activation glu: input must be of an even last axis, received (None, 3).",
    );
  });

  test.for([
    ["Dense", () => new Dense({ units: 2, activation: "glu" })],
    ["Conv2D", () => new Conv2D({ filters: 2, kernelSize: 1, activation: "glu" })],
    ["SeparableConv2D", () => new SeparableConv2D({ filters: 2, kernelSize: 1, activation: "glu" })],
  ] as const)("is refused by %s, which promises its shape by itself", ([name, make]) => {
    expect(make).toThrow(`${name}: activation must be one that keeps the shape`);
  });
});

test("Dense tells of an input of another length than was promised", () => {
  const model = new Sequential([
    new RandomCrop({ height: 4, width: 4, inputShape: [8, 8, 3] }),
    new Flatten(),
    new Dense({ units: 2, name: "classes" }),
  ]);
  tf.tidy(() => {
    expect(() => model.predict(tf.zeros([1, 8, 8, 3]))).toThrow("classes: input must be of last axis 48");
  });
  model.dispose();
});
