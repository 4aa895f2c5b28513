import { HostArray } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { Conv2DTranspose, type Conv2DTransposeConfig } from "./conv2d-transpose.ts";

useBackend(registerGradients);

describe("Conv2DTranspose", () => {
  checkLayerContract(() => new Conv2DTranspose({ filters: 3, kernelSize: 3, strides: 2, activation: "tanh" }), {
    inputShape: [2, 3, 4, 2],
  });

  describe("with padding of input and output, and channels first", () => {
    const ends = { strides: 3, padding: "same", outputPadding: [0, 1], dataFormat: "channelsFirst" } as const;
    checkLayerContract(() => new Conv2DTranspose({ filters: 3, kernelSize: 3, activation: "softmax", ...ends }), {
      inputShape: [1, 2, 3, 4],
    });
  });

  describe("with dilation", () => {
    const gaps = { dilationRate: 3, padding: "same" } as const;
    checkLayerContract(() => new Conv2DTranspose({ filters: 2, kernelSize: 2, activation: "relu", ...gaps }), {
      inputShape: [2, 3, 4, 2],
    });
  });

  test("adds the kernel once for each element, as far apart as the strides say", () => {
    const layer = new Conv2DTranspose({ filters: 1, kernelSize: 2, strides: 2 });
    layer.build([null, 2, 2, 1]);
    const bias = new HostArray(Float32Array.from([0.5]), [1]);
    layer.setWeights([new HostArray(Float32Array.from([1, 2, 3, 4]), [2, 2, 1, 1]), bias]);
    const image = tf.tensor4d([1, 10, 0, -1], [1, 2, 2, 1]);
    const output = tf.tidy(() => layer.call(image));
    expect(output.shape).toEqual([1, 4, 4, 1]);
    expect([...output.dataSync()].map((value) => value - 0.5)).toEqual([
      1, 2, 10, 20, 3, 4, 30, 40, 0, 0, -1, -2, 0, 0, -3, -4,
    ]);
    tf.dispose([image, output]);
    layer.dispose();
  });

  test.for<[keyof Conv2DTransposeConfig, Partial<Conv2DTransposeConfig>]>([
    ["filters", { filters: 0 }],
    ["kernelSize", { kernelSize: 0 }],
    ["strides", { strides: -1 }],
    ["dilationRate", { dilationRate: 2, strides: 2 }],
    ["padding", { padding: "causal" as "same" }],
    ["outputPadding", { outputPadding: -1, strides: 2 }],
    ["outputPadding", { outputPadding: 2, strides: 2 }],
    ["outputPadding", { outputPadding: 0, strides: 2, kernelSize: 2, padding: "same" }],
    ["outputPadding", { outputPadding: 0, kernelSize: 2, padding: "same" }],
    ["kernelConstraint", { kernelConstraint: "positive" as "nonNeg" }],
  ])("rejects a wrong %s: %o", ([option, config]) => {
    const make = () => new Conv2DTranspose({ filters: 2, kernelSize: 3, ...config });
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test("rejects inputs of other axes, and of other channels than it was built for", () => {
    const layer = new Conv2DTranspose({ filters: 2, kernelSize: 3 });
    expect(() => layer.outputShape([null, 5, 1])).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
    layer.build([null, 3, 4, 2]);
    expect(() => layer.build([null, 3, 4, 3])).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
  });

  test("keeps unknown lengths unknown", () => {
    const layer = new Conv2DTranspose({ filters: 5, kernelSize: 3, strides: 2 });
    expect(layer.outputShape([null, null, 4, 2])).toEqual([null, null, 9, 5]);
  });
});
