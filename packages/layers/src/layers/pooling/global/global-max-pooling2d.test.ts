import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { GlobalMaxPooling2D } from "./global-max-pooling2d.ts";

useBackend(registerGradients);

describe("GlobalMaxPooling2D", () => {
  checkLayerContract(() => new GlobalMaxPooling2D(), { inputShape: [2, 3, 4, 2] });

  describe("with kept axes", () => {
    checkLayerContract(() => new GlobalMaxPooling2D({ keepDims: true, dataFormat: "channelsFirst" }), {
      inputShape: [2, 2, 3, 4],
    });
  });

  test("knows its output where height and width vary", () => {
    expect(new GlobalMaxPooling2D().outputShape([null, null, null, 7])).toEqual([null, 7]);
  });

  test("rejects inputs of three axes", () => {
    expect(() => new GlobalMaxPooling2D().outputShape([null, 3, 4])).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });
});
