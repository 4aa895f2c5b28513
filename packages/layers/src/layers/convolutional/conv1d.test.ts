import { HostArray } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { Conv1D, type Conv1DConfig } from "./conv1d.ts";

useBackend(registerGradients);

describe("Conv1D", () => {
  checkLayerContract(() => new Conv1D({ filters: 3, kernelSize: 3, padding: "causal", dilationRate: 2 }), {
    inputShape: [2, 6, 2],
  });

  describe("with groups and channels first", () => {
    const parts = {
      groups: 2,
      strides: 2,
      padding: "same",
      dataFormat: "channelsFirst",
      activation: "softmax",
    } as const;
    checkLayerContract(() => new Conv1D({ filters: 4, kernelSize: 2, ...parts }), { inputShape: [2, 4, 7] });
  });

  test("looks back only, with causal padding", () => {
    const layer = new Conv1D({ filters: 1, kernelSize: 2, padding: "causal", dilationRate: 2, useBias: false });
    layer.build([null, 4, 1]);
    layer.setWeights([new HostArray(Float32Array.from([10, 1]), [2, 1, 1])]);
    const row = tf.tensor3d([1, 2, 3, 4], [1, 4, 1]);
    const output = tf.tidy(() => layer.call(row));
    expect([...output.dataSync()]).toEqual([1, 2, 13, 24]);
    tf.dispose([row, output]);
    layer.dispose();
  });

  test.for<[keyof Conv1DConfig, Partial<Conv1DConfig>]>([
    ["filters", { filters: 0 }],
    ["kernelSize", { kernelSize: [3, 3] as unknown as [number] }],
    ["strides", { strides: 0 }],
    ["dilationRate", { dilationRate: 2, strides: 2 }],
    ["groups", { groups: 3 }],
    ["padding", { padding: "full" as "same" }],
    ["dataFormat", { dataFormat: "NWC" as "channelsLast" }],
  ])("rejects a wrong %s: %o", ([option, config]) => {
    const make = () => new Conv1D({ filters: 4, kernelSize: 3, ...config });
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test.for([
    ["images", [null, 5, 5, 1], {}],
    ["channels that are unknown", [null, 5, null], {}],
    ["a row shorter than the kernel", [null, 2, 1], {}],
    ["channels that groups do not divide", [null, 5, 3], { groups: 2 }],
  ] as const)("rejects %s", ([, shape, config]) => {
    const layer = new Conv1D({ filters: 4, kernelSize: 3, ...config });
    expect(() => layer.outputShape(shape)).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
  });

  test("takes rows of any length with causal padding", () => {
    const layer = new Conv1D({ filters: 4, kernelSize: 3, padding: "causal" });
    expect(layer.outputShape([null, 1, 2])).toEqual([null, 1, 4]);
    expect(layer.outputShape([null, null, 2])).toEqual([null, null, 4]);
  });
});
