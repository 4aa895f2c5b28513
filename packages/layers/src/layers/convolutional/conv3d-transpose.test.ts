import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { Conv3DTranspose, type Conv3DTransposeConfig } from "./conv3d-transpose.ts";

useBackend(registerGradients);

describe("Conv3DTranspose", () => {
  checkLayerContract(() => new Conv3DTranspose({ filters: 2, kernelSize: [3, 2, 1], strides: 2, activation: "tanh" }), {
    inputShape: [2, 2, 3, 2, 2],
  });

  describe("with padding of input and output, and channels first", () => {
    const ends = { strides: 3, padding: "same", outputPadding: [0, 1, 2], dataFormat: "channelsFirst" } as const;
    checkLayerContract(() => new Conv3DTranspose({ filters: 2, kernelSize: 3, activation: "softmax", ...ends }), {
      inputShape: [1, 2, 2, 1, 2],
    });
  });

  describe("with dilation", () => {
    const gaps = { dilationRate: [3, 1, 2], padding: "same" } as const;
    checkLayerContract(() => new Conv3DTranspose({ filters: 2, kernelSize: 2, ...gaps }), {
      inputShape: [1, 3, 2, 4, 1],
    });
  });

  test.for<[keyof Conv3DTransposeConfig, Partial<Conv3DTransposeConfig>]>([
    ["filters", { filters: 0 }],
    ["kernelSize", { kernelSize: [1, 2] as unknown as [number, number, number] }],
    ["dilationRate", { dilationRate: 2, strides: 2 }],
    ["outputPadding", { outputPadding: 2, strides: 2 }],
  ])("rejects a wrong %s: %o", ([option, config]) => {
    const make = () => new Conv3DTranspose({ filters: 2, kernelSize: 3, ...config });
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test("rejects images, and channels that its kernel does not have", () => {
    const mismatch: unknown = expect.objectContaining({ code: "SHAPE_MISMATCH" });
    const layer = new Conv3DTranspose({ filters: 2, kernelSize: 3 });
    expect(() => layer.outputShape([null, 5, 5, 1])).toThrow(mismatch);
    layer.build([null, 1, 1, 1, 2]);
    expect(() => layer.outputShape([null, 1, 1, 1, 3])).toThrow(mismatch);
    layer.dispose();
  });
});
