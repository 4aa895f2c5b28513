import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { Cropping2D, type Cropping2DConfig } from "./cropping2d.ts";

useBackend(registerGradients);

describe("Cropping2D", () => {
  checkLayerContract(
    () =>
      new Cropping2D({
        cropping: [
          [2, 1],
          [0, 3],
        ],
      }),
    { inputShape: [2, 5, 4, 2] },
  );

  describe("with channels first", () => {
    checkLayerContract(() => new Cropping2D({ cropping: [1, 2], dataFormat: "channelsFirst" }), {
      inputShape: [2, 2, 3, 5],
    });
  });

  test.for<[keyof Cropping2DConfig, Cropping2DConfig]>([
    ["cropping", { cropping: -1 }],
    ["cropping", { cropping: [1, [2, 0.5]] }],
    ["dataFormat", { dataFormat: "NHWC" as "channelsLast" }],
  ])("rejects a wrong %s: %o", ([option, config]) => {
    expect(() => new Cropping2D(config)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test("keeps unknown lengths unknown", () => {
    expect(new Cropping2D({ cropping: 1 }).outputShape([null, null, 4, 3])).toEqual([null, null, 2, 3]);
  });

  test("rejects inputs that would be cropped away whole", () => {
    expect(() => new Cropping2D({ cropping: 2 }).outputShape([null, 5, 4, 3])).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });

  test("rejects inputs of other axes", () => {
    expect(() => new Cropping2D().outputShape([null, 5, 1])).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });
});
