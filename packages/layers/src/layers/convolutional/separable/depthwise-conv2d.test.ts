import * as tf from "@tensorflow/tfjs-core";
import { HostArray } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { DepthwiseConv2D, type DepthwiseConv2DConfig } from "./depthwise-conv2d.ts";

useBackend(registerGradients);

describe("DepthwiseConv2D", () => {
  checkLayerContract(() => new DepthwiseConv2D({ kernelSize: 3, padding: "same", activation: "relu" }), {
    inputShape: [2, 5, 4, 2],
  });

  describe("with strides, dilation and several kernels for each channel", () => {
    const config = { kernelSize: 2, strides: [2, 3], dilationRate: 2, depthMultiplier: 2, padding: "same" } as const;
    checkLayerContract(() => new DepthwiseConv2D(config), { inputShape: [2, 5, 7, 2] });
  });

  describe("with channels first", () => {
    const config = { kernelSize: [1, 2], dataFormat: "channelsFirst", activation: "softmax" } as const;
    checkLayerContract(() => new DepthwiseConv2D(config), { inputShape: [2, 3, 4, 5] });
  });

  test("keeps channels apart", () => {
    const layer = new DepthwiseConv2D({ kernelSize: 2, useBias: false });
    layer.build([null, 2, 2, 2]);
    layer.setWeights([new HostArray(Float32Array.from([1, 10, 1, 10, 1, 10, 1, 10]), [2, 2, 2, 1])]);
    const image = tf.tensor4d([1, 5, 2, 6, 3, 7, 4, 8], [1, 2, 2, 2]);
    const output = layer.call(image);
    expect([...output.dataSync()]).toEqual([10, 260]);
    tf.dispose([image, output]);
    layer.dispose();
  });

  test.for<[keyof DepthwiseConv2DConfig, Partial<DepthwiseConv2DConfig>]>([
    ["kernelSize", { kernelSize: 0 }],
    ["kernelSize", { kernelSize: [3] as unknown as [number, number] }],
    ["strides", { strides: [1, 0] }],
    ["dilationRate", { dilationRate: 1.5 }],
    ["depthMultiplier", { depthMultiplier: 0 }],
    ["padding", { padding: "causal" as "same" }],
    ["dataFormat", { dataFormat: "NHWC" as "channelsLast" }],
    ["activation", { activation: "rely" as "relu" }],
    ["depthwiseInitializer", { depthwiseInitializer: "glorot" as "zeros" }],
    ["depthwiseRegularizer", { depthwiseRegularizer: "l3" as "l2" }],
    ["biasConstraint", { biasConstraint: "positive" as "nonNeg" }],
  ])("rejects a wrong %s: %o", ([option, config]) => {
    const make = () => new DepthwiseConv2D({ kernelSize: 3, ...config });
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test("rejects the names that Conv2D has for these options", () => {
    expect(() => new DepthwiseConv2D({ kernelSize: 3, kernelInitializer: "zeros" } as DepthwiseConv2DConfig)).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "options" }),
    );
  });

  test.for([
    ["three axes", [null, 5, 5]],
    ["channels that are unknown", [null, 5, 5, null]],
    ["an image smaller than the kernel", [null, 2, 5, 1]],
  ] as const)("rejects %s", ([, shape]) => {
    const layer = new DepthwiseConv2D({ kernelSize: 3 });
    expect(() => layer.outputShape(shape)).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
  });

  test("rejects other channels than it was built for", () => {
    const layer = new DepthwiseConv2D({ kernelSize: 3 });
    layer.build([null, 5, 5, 3]);
    expect(() => layer.build([null, 5, 5, 4])).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
  });

  test("keeps unknown heights and widths unknown", () => {
    const layer = new DepthwiseConv2D({ kernelSize: 3, depthMultiplier: 2 });
    expect(layer.outputShape([null, null, 9, 2])).toEqual([null, null, 7, 4]);
  });
});
