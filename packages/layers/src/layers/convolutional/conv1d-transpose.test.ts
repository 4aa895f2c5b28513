import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { Conv1DTranspose, type Conv1DTransposeConfig } from "./conv1d-transpose.ts";

useBackend(registerGradients);

describe("Conv1DTranspose", () => {
  checkLayerContract(() => new Conv1DTranspose({ filters: 3, kernelSize: 3, strides: 2, activation: "tanh" }), {
    inputShape: [2, 4, 2],
  });

  describe("with padding of input and output, and channels first", () => {
    const ends = { strides: 3, padding: "same", outputPadding: 1, dataFormat: "channelsFirst" } as const;
    checkLayerContract(() => new Conv1DTranspose({ filters: 3, kernelSize: 3, activation: "softmax", ...ends }), {
      inputShape: [2, 2, 4],
    });
  });

  describe("with dilation", () => {
    const gaps = { dilationRate: 3, padding: "same" } as const;
    checkLayerContract(() => new Conv1DTranspose({ filters: 2, kernelSize: 2, activation: "relu", ...gaps }), {
      inputShape: [2, 4, 2],
    });
  });

  test.for<[keyof Conv1DTransposeConfig, Partial<Conv1DTransposeConfig>]>([
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
    const make = () => new Conv1DTranspose({ filters: 2, kernelSize: 3, ...config });
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test("rejects inputs of other axes, and of other channels than it was built for", () => {
    const layer = new Conv1DTranspose({ filters: 2, kernelSize: 3 });
    expect(() => layer.outputShape([null, 5, 5, 1])).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
    layer.build([null, 4, 2]);
    expect(() => layer.build([null, 4, 3])).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
  });

  test("keeps unknown lengths unknown", () => {
    const layer = new Conv1DTranspose({ filters: 5, kernelSize: 3, strides: 2 });
    expect(layer.outputShape([null, null, 2])).toEqual([null, null, 5]);
  });
});
