import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { Conv3D, type Conv3DConfig } from "./conv3d.ts";

useBackend(registerGradients);

describe("Conv3D", () => {
  checkLayerContract(() => new Conv3D({ filters: 2, kernelSize: [1, 2, 3], padding: "same", activation: "sigmoid" }), {
    inputShape: [2, 3, 2, 4, 2],
  });

  describe("with groups, dilation and channels first", () => {
    const parts = { groups: 2, dilationRate: [2, 1, 1], dataFormat: "channelsFirst" } as const;
    checkLayerContract(() => new Conv3D({ filters: 2, kernelSize: 2, ...parts }), { inputShape: [1, 2, 3, 2, 3] });
  });

  test.for<[keyof Conv3DConfig, Partial<Conv3DConfig>]>([
    ["filters", { filters: 1.5 }],
    ["kernelSize", { kernelSize: [3, 3] as unknown as [number, number, number] }],
    ["strides", { strides: [1, 1, 0] }],
    ["dilationRate", { dilationRate: [1, 1, 2], strides: [2, 1, 1] }],
    ["groups", { groups: 3 }],
    ["padding", { padding: "causal" as "same" }],
  ])("rejects a wrong %s: %o", ([option, config]) => {
    const make = () => new Conv3D({ filters: 4, kernelSize: 3, ...config });
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test.for([
    ["images", [null, 5, 5, 1], {}],
    ["a volume smaller than the kernel", [null, 5, 2, 5, 1], {}],
    ["channels that groups do not divide", [null, 5, 5, 5, 3], { groups: 2 }],
  ] as const)("rejects %s", ([, shape, config]) => {
    const layer = new Conv3D({ filters: 4, kernelSize: 3, ...config });
    expect(() => layer.outputShape(shape)).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
  });
});
