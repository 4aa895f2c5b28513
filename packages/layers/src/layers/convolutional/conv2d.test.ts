import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { HostArray } from "@featuremap/tensor";
import { Conv2D, type Conv2DConfig } from "./conv2d.ts";

useBackend(registerGradients);

describe("Conv2D", () => {
  checkLayerContract(() => new Conv2D({ filters: 3, kernelSize: 3, padding: "same", activation: "relu" }), {
    inputShape: [2, 5, 4, 2],
  });

  describe("with channels first, as TensorFlow's compiler has it", () => {
    const config = { filters: 2, kernelSize: 2, activation: "softmax", dataFormat: "channelsFirst" } as const;
    checkLayerContract(() => new Conv2D(config), { inputShape: [1, 2, 3, 4] });
  });

  describe("with dilation", () => {
    checkLayerContract(() => new Conv2D({ filters: 2, kernelSize: [2, 3], dilationRate: [2, 3] }), {
      inputShape: [2, 5, 9, 2],
    });
  });

  describe("with groups", () => {
    checkLayerContract(() => new Conv2D({ filters: 4, kernelSize: 2, groups: 2, strides: 2, activation: "tanh" }), {
      inputShape: [2, 5, 4, 4],
    });
  });

  test("gives the maps of the teaching image", () => {
    const image = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
    const ones = new HostArray(new Float32Array(4).fill(1), [2, 2, 1, 1]);
    const map = (padding: "valid" | "same", kernel: HostArray, filters: number): number[] => {
      const layer = new Conv2D({ filters, kernelSize: 2, padding, useBias: false });
      layer.build(image.shape);
      layer.setWeights([kernel]);
      const output = layer.call(image);
      const values = [...output.dataSync()];
      output.dispose();
      layer.dispose();
      return values;
    };
    expect(map("valid", ones, 1)).toEqual([12, 16, 24, 28]);
    expect(map("same", ones, 1)).toEqual([12, 16, 9, 24, 28, 15, 15, 17, 9]);
    const three = new HostArray(Float32Array.from([1, 10, -1, 1, 10, -1, 1, 10, -1, 1, 10, -1]), [2, 2, 1, 3]);
    expect(map("valid", three, 3)).toEqual([12, 120, -12, 16, 160, -16, 24, 240, -24, 28, 280, -28]);
    const same = [12, 16, 9, 24, 28, 15, 15, 17, 9];
    expect(map("same", three, 3)).toEqual(same.flatMap((value) => [value, 10 * value, -value]));
    image.dispose();
  });

  test.for<[keyof Conv2DConfig, Partial<Conv2DConfig>]>([
    ["filters", { filters: 0 }],
    ["filters", { filters: 1.5 }],
    ["kernelSize", { kernelSize: [3, 0] }],
    ["strides", { strides: -1 }],
    ["dilationRate", { dilationRate: 0 }],
    ["dilationRate", { dilationRate: 2, strides: 2 }],
    ["dilationRate", { dilationRate: [1, 2], strides: [2, 1] }],
    ["groups", { groups: 3 }],
    ["padding", { padding: "full" as "same" }],
    ["dataFormat", { dataFormat: "NHWC" as "channelsLast" }],
    ["activation", { activation: "rely" as "relu" }],
    ["kernelInitializer", { kernelInitializer: "glorot" as "zeros" }],
    ["kernelRegularizer", { kernelRegularizer: "l3" as "l2" }],
    ["biasConstraint", { biasConstraint: "positive" as "nonNeg" }],
  ])("rejects a wrong %s: %o", ([option, config]) => {
    const make = () => new Conv2D({ filters: 4, kernelSize: 3, ...config });
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test.for([
    ["three axes", [null, 5, 5], {}],
    ["channels that are unknown", [null, 5, 5, null], {}],
    ["an image smaller than the kernel", [null, 2, 5, 1], {}],
    ["an image smaller than the dilated kernel", [null, 4, 5, 1], { dilationRate: 2 }],
    ["channels that groups do not divide", [null, 5, 5, 3], { groups: 2 }],
  ] as const)("rejects %s", ([, shape, config]) => {
    const layer = new Conv2D({ filters: 4, kernelSize: 3, ...config });
    expect(() => layer.outputShape(shape)).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
  });

  test("rejects other channels than it was built for", () => {
    const layer = new Conv2D({ filters: 4, kernelSize: 3 });
    layer.build([null, 5, 5, 3]);
    expect(() => layer.build([null, 5, 5, 4])).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
  });

  test("keeps unknown heights and widths unknown", () => {
    expect(new Conv2D({ filters: 4, kernelSize: 3 }).outputShape([null, null, 9, 1])).toEqual([null, null, 7, 4]);
  });

  test("shares 3 weights where a kernel of 3 by 1 slides over a column", () => {
    const layer = new Conv2D({ filters: 1, kernelSize: [3, 1], useBias: false });
    layer.build([null, 500, 1, 1]);
    expect(layer.countParams()).toBe(3);
  });
});
