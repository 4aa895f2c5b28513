import { HostArray } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { RMSNormalization } from "./rms-normalization.ts";

useBackend(registerGradients);

describe("RMSNormalization", () => {
  checkLayerContract(() => new RMSNormalization(), { inputShape: [2, 3, 4] });

  describe("over two axes", () => {
    checkLayerContract(() => new RMSNormalization({ axis: [1, -1] }), { inputShape: [2, 3, 2, 2] });
  });

  test("scales along the axis that it normalises", () => {
    tf.tidy(() => {
      const layer = new RMSNormalization({ axis: 1, epsilon: 0 });
      layer.build([null, 2, 1]);
      layer.setWeights([HostArray.from([10, 100])]);
      expect([...layer.call(tf.ones([1, 2, 1])).dataSync()]).toEqual([10, 100]);
      layer.dispose();
    });
  });

  test("leaves zeros as they are, with finite gradients", () => {
    tf.tidy(() => {
      const layer = new RMSNormalization();
      layer.build([null, 3]);
      const slopes = tf
        .grad((input) => tf.sum(layer.call(input)))(tf.zeros([1, 3]))
        .dataSync();
      expect([...layer.call(tf.zeros([1, 3])).dataSync()]).toEqual([0, 0, 0]);
      expect(slopes.every((slope) => Number.isFinite(slope))).toBe(true);
      layer.dispose();
    });
  });

  test("rejects an axis that is not an integer, or that the input does not have, and an epsilon below zero", () => {
    const invalid = (option: string): unknown => expect.objectContaining({ code: "INVALID_CONFIG", option });
    expect(() => new RMSNormalization({ axis: 0.5 })).toThrow(invalid("axis"));
    expect(() => new RMSNormalization({ axis: [] })).toThrow(invalid("axis"));
    expect(() => new RMSNormalization({ epsilon: -1 })).toThrow(invalid("epsilon"));
    expect(() => new RMSNormalization({ axis: 2 }).outputShape([null, 3])).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });
});
