import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { Cropping1D, type Cropping1DConfig } from "./cropping1d.ts";

useBackend(registerGradients);

describe("Cropping1D", () => {
  checkLayerContract(() => new Cropping1D({ cropping: [2, 1] }), { inputShape: [2, 5, 2] });

  test.for<[keyof Cropping1DConfig, Cropping1DConfig]>([
    ["cropping", { cropping: -1 }],
    ["cropping", { cropping: [1, 0.5] }],
  ])("rejects a wrong %s: %o", ([option, config]) => {
    expect(() => new Cropping1D(config)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test("keeps unknown lengths unknown", () => {
    expect(new Cropping1D().outputShape([null, null, 3])).toEqual([null, null, 3]);
  });

  test("rejects inputs that would be cropped away whole", () => {
    expect(() => new Cropping1D().outputShape([null, 2, 3])).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });

  test("rejects inputs of other axes", () => {
    expect(() => new Cropping1D().outputShape([null, 5, 5, 1])).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });
});
