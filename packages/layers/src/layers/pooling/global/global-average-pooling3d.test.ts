import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { GlobalAveragePooling3D } from "./global-average-pooling3d.ts";

useBackend(registerGradients);

describe("GlobalAveragePooling3D", () => {
  checkLayerContract(() => new GlobalAveragePooling3D(), { inputShape: [1, 4, 2, 3, 2] });

  describe("with kept axes", () => {
    checkLayerContract(() => new GlobalAveragePooling3D({ keepDims: true, dataFormat: "channelsFirst" }), {
      inputShape: [1, 2, 3, 4, 2],
    });
  });

  test("knows its output where lengths vary", () => {
    expect(new GlobalAveragePooling3D().outputShape([null, null, 3, null, 7])).toEqual([null, 7]);
  });

  test("rejects a wrong data format, and inputs of other axes", () => {
    expect(() => new GlobalAveragePooling3D({ dataFormat: "last" as "channelsLast" })).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "dataFormat" }),
    );
    expect(() => new GlobalAveragePooling3D().outputShape([null, 4, 4, 1])).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });
});
