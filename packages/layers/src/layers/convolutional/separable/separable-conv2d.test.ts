import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { SeparableConv2D, type SeparableConv2DConfig } from "./separable-conv2d.ts";

useBackend(registerGradients);

describe("SeparableConv2D", () => {
  checkLayerContract(() => new SeparableConv2D({ filters: 3, kernelSize: 2, depthMultiplier: 2, padding: "same" }), {
    inputShape: [2, 5, 4, 2],
  });

  describe("with channels first, strides and dilation", () => {
    const moves = { strides: 2, dilationRate: 2, padding: "same", dataFormat: "channelsFirst" } as const;
    checkLayerContract(() => new SeparableConv2D({ filters: 2, kernelSize: 2, activation: "softmax", ...moves }), {
      inputShape: [2, 2, 5, 4],
    });
  });

  test.for<[keyof SeparableConv2DConfig, Partial<SeparableConv2DConfig>]>([
    ["filters", { filters: 0 }],
    ["kernelSize", { kernelSize: 0 }],
    ["depthMultiplier", { depthMultiplier: 0 }],
    ["padding", { padding: "causal" as "same" }],
    ["pointwiseInitializer", { pointwiseInitializer: "glorot" as "zeros" }],
    ["pointwiseRegularizer", { pointwiseRegularizer: "l3" as "l2" }],
    ["pointwiseConstraint", { pointwiseConstraint: "positive" as "nonNeg" }],
  ])("rejects a wrong %s: %o", ([option, config]) => {
    const make = () => new SeparableConv2D({ filters: 2, kernelSize: 3, ...config });
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test("rejects inputs of other axes", () => {
    expect(() => new SeparableConv2D({ filters: 2, kernelSize: 3 }).outputShape([null, 5, 1])).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });

  test("names its weights as Keras does", () => {
    const layer = new SeparableConv2D({ filters: 2, kernelSize: 3 });
    layer.build([null, 5, 4, 2]);
    expect(layer.weights.map(({ name }) => name)).toEqual(["depthwise_kernel", "pointwise_kernel", "bias"]);
  });
});
