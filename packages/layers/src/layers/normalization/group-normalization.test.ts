import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { GroupNormalization } from "./group-normalization.ts";

useBackend(registerGradients);

describe("GroupNormalization", () => {
  checkLayerContract(() => new GroupNormalization({ groups: 2 }), { inputShape: [2, 3, 2, 4] });

  describe("over a middle axis, counted from the end", () => {
    checkLayerContract(() => new GroupNormalization({ groups: 2, axis: -2, epsilon: 0.1 }), { inputShape: [2, 4, 3] });
  });

  test("takes each channel by itself with -1 groups", () => {
    const layer = new GroupNormalization({ groups: -1 });
    layer.build([null, 8, 8, 3]);
    expect(layer.groups).toBe(3);
    expect(layer.countParams()).toBe(6);
    const { mean, variance } = tf.tidy(() => {
      const output = layer.call(tf.randomNormal([2, 8, 8, 3], 5, 2, "float32", 1));
      const moments = tf.moments(output, [1, 2]);
      return { mean: [...moments.mean.dataSync()], variance: [...moments.variance.dataSync()] };
    });
    for (const value of mean) expect(value).toBeCloseTo(0, 5);
    for (const value of variance) expect(value).toBeCloseTo(1, 2);
    layer.dispose();
  });

  test.for([
    ["groups that do not divide the channels", [null, 2, 3]],
    ["channels of unknown number", [null, 2, null]],
  ] as const)("rejects %s", ([, shape]) => {
    expect(() => new GroupNormalization({ groups: 2 }).outputShape(shape)).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });

  test("rejects another number of channels than it was built for", () => {
    const layer = new GroupNormalization({ groups: 2 });
    layer.build([null, 4]);
    expect(() => layer.outputShape([null, 6])).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
    layer.dispose();
  });

  test.for([
    ["groups", 0],
    ["groups", 1.5],
    ["axis", 0],
    ["axis", 0.5],
    ["epsilon", -1],
  ] as const)("rejects %s of %s", ([option, value]) => {
    expect(() => new GroupNormalization({ [option]: value })).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option }),
    );
  });
});
