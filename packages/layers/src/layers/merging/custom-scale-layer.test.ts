import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { CustomScaleLayer } from "./custom-scale-layer.ts";

useBackend(registerGradients);

describe("CustomScaleLayer", () => {
  checkLayerContract(() => new CustomScaleLayer({ scale: 0.25 }), {
    inputShapes: [
      [2, 3, 4],
      [2, 3, 4],
    ],
  });

  test("knows a length that one input tells", () => {
    const layer = new CustomScaleLayer({ scale: 1 });
    const shapes = [
      [null, null, 3],
      [null, 4, 3],
    ];
    expect(layer.inferShapes(shapes)).toEqual([[null, 4, 3]]);
  });

  test.for([
    [[[null, 3]]],
    [
      [
        [null, 3],
        [null, 4],
      ],
    ],
    [
      [
        [null, 3],
        [null, 3, 3],
      ],
    ],
  ])("rejects inputs of shapes %j", ([shapes]) => {
    const layer = new CustomScaleLayer({ scale: 1 });
    expect(() => layer.inferShapes(shapes ?? [])).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
  });

  test("rejects a scale that is no number", () => {
    expect(() => new CustomScaleLayer({ scale: Number.NaN })).toThrow(expect.objectContaining({ option: "scale" }));
  });
});
