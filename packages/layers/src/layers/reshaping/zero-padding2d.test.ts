import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { ZeroPadding2D, type ZeroPadding2DConfig } from "./zero-padding2d.ts";

useBackend(registerGradients);

describe("ZeroPadding2D", () => {
  checkLayerContract(
    () =>
      new ZeroPadding2D({
        padding: [
          [2, 1],
          [0, 3],
        ],
      }),
    { inputShape: [2, 3, 2, 2] },
  );

  describe("with channels first", () => {
    checkLayerContract(() => new ZeroPadding2D({ padding: [1, 2], dataFormat: "channelsFirst" }), {
      inputShape: [2, 2, 3, 2],
    });
  });

  test.for<[keyof ZeroPadding2DConfig, ZeroPadding2DConfig]>([
    ["padding", { padding: -1 }],
    ["padding", { padding: [1, [2, 0.5]] }],
    ["padding", { padding: [1] as unknown as [number, number] }],
    ["padding", { padding: [[1, 1, 1], 2] as unknown as [number, number] }],
    ["dataFormat", { dataFormat: "NHWC" as "channelsLast" }],
  ])("rejects a wrong %s: %o", ([option, config]) => {
    expect(() => new ZeroPadding2D(config)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test("keeps unknown lengths unknown", () => {
    expect(new ZeroPadding2D().outputShape([null, null, 4, 3])).toEqual([null, null, 6, 3]);
  });

  test("rejects inputs of other axes", () => {
    expect(() => new ZeroPadding2D().outputShape([null, 5, 1])).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });
});
