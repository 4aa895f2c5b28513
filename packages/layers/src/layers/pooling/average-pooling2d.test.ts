import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { AveragePooling2D } from "./average-pooling2d.ts";

useBackend(registerGradients);

describe("AveragePooling2D", () => {
  checkLayerContract(() => new AveragePooling2D({ poolSize: 2 }), { inputShape: [2, 4, 6, 3] });

  describe("with overlapping windows", () => {
    checkLayerContract(() => new AveragePooling2D({ poolSize: 3, strides: 2, padding: "same" }), {
      inputShape: [1, 5, 4, 2],
    });
  });

  test("makes 3 by 3 of 7 by 7 with a window of 3 and stride 2", () => {
    expect(new AveragePooling2D({ poolSize: 3, strides: 2 }).outputShape([null, 7, 7, 1])).toEqual([null, 3, 3, 1]);
  });

  test("takes the mean of each window of the teaching image", () => {
    const image = tf.tensor4d([3, 5, 1, 0, 7, 9, -6, -3, 2, 8, -2, 6, 4, -3, -4, 8], [1, 4, 4, 1]);
    const output = new AveragePooling2D({ poolSize: 2 }).call(image);
    expect([...output.dataSync()]).toEqual([6, -2, 2.75, 2]);
    tf.dispose([image, output]);
  });

  test.for([
    ["poolSize", { poolSize: 0 }],
    ["strides", { poolSize: 2, strides: [1, -1] }],
    ["padding", { poolSize: 2, padding: "full" as "same" }],
  ] as const)("rejects a wrong %s: %o", ([option, config]) => {
    expect(() => new AveragePooling2D(config)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test("rejects an image smaller than the window", () => {
    expect(() => new AveragePooling2D({ poolSize: 3 }).outputShape([null, 2, 5, 1])).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });
});
