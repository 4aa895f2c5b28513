import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { UnitNormalization } from "./unit-normalization.ts";

useBackend(registerGradients);

describe("UnitNormalization", () => {
  checkLayerContract(() => new UnitNormalization(), { inputShape: [2, 3, 4] });

  test("leaves a vector of zeros as it is, with finite gradients", () => {
    tf.tidy(() => {
      const layer = new UnitNormalization();
      expect([...layer.call(tf.zeros([1, 3])).dataSync()]).toEqual([0, 0, 0]);
      const slopes = tf
        .grad((input) => tf.sum(layer.call(input)))(tf.zeros([1, 3]))
        .dataSync();
      expect(slopes.every((slope) => Number.isFinite(slope))).toBe(true);
    });
  });

  test("rejects an axis that is not an integer, or that the input does not have", () => {
    const invalid: unknown = expect.objectContaining({ code: "INVALID_CONFIG", option: "axis" });
    expect(() => new UnitNormalization({ axis: 0.5 })).toThrow(invalid);
    expect(() => new UnitNormalization({ axis: [] })).toThrow(invalid);
    expect(() => new UnitNormalization({ axis: 2 }).outputShape([null, 3])).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });
});
