import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { GlobalAveragePooling1D } from "./global-average-pooling1d.ts";

useBackend(registerGradients);

describe("GlobalAveragePooling1D", () => {
  checkLayerContract(() => new GlobalAveragePooling1D(), { inputShape: [2, 6, 3] });

  describe("with kept axes", () => {
    checkLayerContract(() => new GlobalAveragePooling1D({ keepDims: true, dataFormat: "channelsFirst" }), {
      inputShape: [1, 3, 5],
    });
  });

  test("knows its output where lengths vary", () => {
    expect(new GlobalAveragePooling1D().outputShape([null, null, 7])).toEqual([null, 7]);
  });

  test("rejects a wrong data format, and inputs of other axes", () => {
    expect(() => new GlobalAveragePooling1D({ dataFormat: "last" as "channelsLast" })).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "dataFormat" }),
    );
    expect(() => new GlobalAveragePooling1D().outputShape([null, 4, 4, 1])).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });
});
