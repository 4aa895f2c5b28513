import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { SeparableConv1D, type SeparableConv1DConfig } from "./separable-conv1d.ts";

useBackend(registerGradients);

describe("SeparableConv1D", () => {
  checkLayerContract(() => new SeparableConv1D({ filters: 3, kernelSize: 2, depthMultiplier: 2, padding: "same" }), {
    inputShape: [2, 6, 2],
  });

  describe("with channels first, strides and dilation", () => {
    const moves = { strides: 2, dilationRate: 2, padding: "same", dataFormat: "channelsFirst" } as const;
    checkLayerContract(() => new SeparableConv1D({ filters: 2, kernelSize: 2, activation: "softmax", ...moves }), {
      inputShape: [2, 2, 6],
    });
  });

  test.for<[keyof SeparableConv1DConfig, Partial<SeparableConv1DConfig>]>([
    ["filters", { filters: 0 }],
    ["kernelSize", { kernelSize: 0 }],
    ["depthMultiplier", { depthMultiplier: 0 }],
    ["padding", { padding: "causal" as "same" }],
    ["pointwiseInitializer", { pointwiseInitializer: "glorot" as "zeros" }],
    ["pointwiseRegularizer", { pointwiseRegularizer: "l3" as "l2" }],
    ["pointwiseConstraint", { pointwiseConstraint: "positive" as "nonNeg" }],
  ])("rejects a wrong %s: %o", ([option, config]) => {
    const make = () => new SeparableConv1D({ filters: 2, kernelSize: 3, ...config });
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test("rejects inputs of other axes", () => {
    expect(() => new SeparableConv1D({ filters: 2, kernelSize: 3 }).outputShape([null, 5, 5, 1])).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });

  test("names its weights as Keras does", () => {
    const layer = new SeparableConv1D({ filters: 2, kernelSize: 3 });
    layer.build([null, 6, 2]);
    expect(layer.weights.map(({ name }) => name)).toEqual(["depthwise_kernel", "pointwise_kernel", "bias"]);
  });
});
