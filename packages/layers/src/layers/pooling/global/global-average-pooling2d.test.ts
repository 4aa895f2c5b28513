import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { GlobalAveragePooling2D } from "./global-average-pooling2d.ts";

useBackend(registerGradients);

describe("GlobalAveragePooling2D", () => {
  checkLayerContract(() => new GlobalAveragePooling2D(), { inputShape: [2, 3, 4, 2] });

  describe("with kept axes", () => {
    checkLayerContract(() => new GlobalAveragePooling2D({ keepDims: true, dataFormat: "channelsFirst" }), {
      inputShape: [2, 2, 3, 4],
    });
  });

  test("knows its output where height and width vary", () => {
    expect(new GlobalAveragePooling2D().outputShape([null, null, null, 7])).toEqual([null, 7]);
  });

  test("rejects inputs of three axes", () => {
    expect(() => new GlobalAveragePooling2D().outputShape([null, 3, 4])).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });
});
