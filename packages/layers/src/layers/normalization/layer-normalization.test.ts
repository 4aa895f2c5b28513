import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { LayerNormalization, type LayerNormalizationConfig } from "./layer-normalization.ts";

useBackend(registerGradients);

describe("LayerNormalization", () => {
  checkLayerContract(() => new LayerNormalization(), { inputShape: [2, 3, 4] });

  describe("over several axes", () => {
    checkLayerContract(() => new LayerNormalization({ axis: [1, -1] }), { inputShape: [2, 3, 2, 2] });
  });

  describe("with RMS scaling", () => {
    checkLayerContract(() => new LayerNormalization({ rmsScaling: true }), { inputShape: [2, 5] });
  });

  test("gives each example mean 0 and deviation 1, far from zero too", () => {
    const layer = new LayerNormalization({ epsilon: 0 });
    layer.build([null, 3]);
    const output = tf.tidy(() => layer.call(tf.tensor2d([999, 1000, 1001, -1, 0, 1], [2, 3])).dataSync());
    for (const [index, value] of [-1, 0, 1, -1, 0, 1].entries()) {
      expect(output[index]).toBeCloseTo(value * Math.sqrt(1.5), 4);
    }
    layer.dispose();
  });

  test("lets a NaN spoil its own example alone", () => {
    const layer = new LayerNormalization();
    layer.build([null, 2]);
    const output = tf.tidy(() => layer.call(tf.tensor2d([Number.NaN, 1, 0, 3], [2, 2])).dataSync());
    expect([...output].map(Number.isNaN)).toEqual([true, true, false, false]);
    layer.dispose();
  });

  test.for<[keyof LayerNormalizationConfig, LayerNormalizationConfig]>([
    ["axis", { axis: 0.5 }],
    ["axis", { axis: [] }],
    ["epsilon", { epsilon: Number.NaN }],
    ["betaInitializer", { betaInitializer: "null" as "zeros" }],
  ])("rejects a wrong %s: %o", ([option, config]) => {
    const make = () => new LayerNormalization(config);
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test.for([
    ["a length that is unknown", [null, 4, null], {}],
    ["no such axis", [null, 4], { axis: [1, 2] }],
    ["one axis twice", [null, 4], { axis: [1, -1] }],
  ] as const)("rejects %s", ([, shape, config]) => {
    expect(() => new LayerNormalization(config).outputShape(shape)).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });

  test("rejects other lengths than it was built for", () => {
    const layer = new LayerNormalization();
    layer.build([null, 3]);
    expect(() => layer.outputShape([4, 5])).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
    layer.dispose();
  });
});
