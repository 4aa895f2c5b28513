import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { UpSampling1D, type UpSampling1DConfig } from "./up-sampling1d.ts";

useBackend(registerGradients);

describe("UpSampling1D", () => {
  checkLayerContract(() => new UpSampling1D({ size: 3 }), { inputShape: [2, 3, 2] });

  test.for<[keyof UpSampling1DConfig, UpSampling1DConfig]>([
    ["size", { size: 0 }],
    ["size", { size: 1.5 }],
  ])("rejects a wrong %s: %o", ([option, config]) => {
    expect(() => new UpSampling1D(config)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test("keeps unknown lengths unknown", () => {
    expect(new UpSampling1D().outputShape([null, null, 3])).toEqual([null, null, 3]);
  });

  test("rejects inputs of other axes", () => {
    expect(() => new UpSampling1D().outputShape([null, 5, 5, 1])).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });
});
