import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { ZeroPadding1D, type ZeroPadding1DConfig } from "./zero-padding1d.ts";

useBackend(registerGradients);

describe("ZeroPadding1D", () => {
  checkLayerContract(() => new ZeroPadding1D({ padding: [2, 1] }), { inputShape: [2, 3, 2] });

  describe("with channels first", () => {
    checkLayerContract(() => new ZeroPadding1D({ dataFormat: "channelsFirst" }), { inputShape: [2, 2, 3] });
  });

  test.for<[keyof ZeroPadding1DConfig, ZeroPadding1DConfig]>([
    ["padding", { padding: -1 }],
    ["padding", { padding: [1, 0.5] }],
    ["padding", { padding: [1] as unknown as [number, number] }],
    ["dataFormat", { dataFormat: "NWC" as "channelsLast" }],
  ])("rejects a wrong %s: %o", ([option, config]) => {
    expect(() => new ZeroPadding1D(config)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test("keeps unknown lengths unknown", () => {
    expect(new ZeroPadding1D().outputShape([null, null, 3])).toEqual([null, null, 3]);
  });

  test("rejects inputs of other axes", () => {
    expect(() => new ZeroPadding1D().outputShape([null, 5, 5, 1])).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });
});
