import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { LayerScale } from "./layer-scale.ts";

useBackend(registerGradients);

describe("LayerScale", () => {
  checkLayerContract(() => new LayerScale({ initValues: 0.5, projectionDim: 3 }), { inputShape: [2, 4, 3] });

  test("begins with the factor that is given", async () => {
    const layer = new LayerScale({ initValues: 0.25, projectionDim: 3 });
    layer.build([null, 3]);
    expect((await layer.gamma?.read())?.data).toEqual(Float32Array.of(0.25, 0.25, 0.25));
  });

  test.for([
    ["initValues", { initValues: Number.NaN, projectionDim: 3 }],
    ["projectionDim", { initValues: 1, projectionDim: 0 }],
    ["projectionDim", { initValues: 1 }],
  ] as const)("rejects a wrong %s", ([option, config]) => {
    expect(() => new LayerScale(config as never)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test("rejects another number of channels", () => {
    const layer = new LayerScale({ initValues: 1, projectionDim: 3 });
    expect(() => layer.outputShape([null, 4])).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
  });
});
