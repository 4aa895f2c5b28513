import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { DepthwiseConv1D, type DepthwiseConv1DConfig } from "./depthwise-conv1d.ts";

useBackend(registerGradients);

describe("DepthwiseConv1D", () => {
  checkLayerContract(() => new DepthwiseConv1D({ kernelSize: 3, depthMultiplier: 2, activation: "tanh" }), {
    inputShape: [2, 6, 2],
  });

  describe("with channels first, strides and dilation", () => {
    const config = {
      kernelSize: 2,
      strides: 2,
      dilationRate: 2,
      padding: "same",
      dataFormat: "channelsFirst",
    } as const;
    checkLayerContract(() => new DepthwiseConv1D(config), { inputShape: [2, 3, 7] });
  });

  test.for<[keyof DepthwiseConv1DConfig, Partial<DepthwiseConv1DConfig>]>([
    ["kernelSize", { kernelSize: [3, 3] as unknown as [number] }],
    ["strides", { strides: -1 }],
    ["padding", { padding: "causal" as "same" }],
    ["depthMultiplier", { depthMultiplier: 1.5 }],
  ])("rejects a wrong %s: %o", ([option, config]) => {
    const make = () => new DepthwiseConv1D({ kernelSize: 3, ...config });
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test("rejects images", () => {
    expect(() => new DepthwiseConv1D({ kernelSize: 3 }).outputShape([null, 5, 5, 1])).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });
});
