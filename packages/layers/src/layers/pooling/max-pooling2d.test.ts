import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { MaxPooling2D } from "./max-pooling2d.ts";

useBackend(registerGradients);

describe("MaxPooling2D", () => {
  checkLayerContract(() => new MaxPooling2D({ poolSize: 2 }), { inputShape: [2, 4, 6, 3] });

  describe("with overlapping windows", () => {
    checkLayerContract(() => new MaxPooling2D({ poolSize: 3, strides: 2, padding: "same" }), {
      inputShape: [1, 5, 4, 2],
    });
  });

  test("makes 3 by 3 of 7 by 7 with a window of 3 and stride 2", () => {
    expect(new MaxPooling2D({ poolSize: 3, strides: 2 }).outputShape([null, 7, 7, 1])).toEqual([null, 3, 3, 1]);
  });

  test("keeps the largest of each window of the teaching image", () => {
    const image = tf.tensor4d([3, 5, 1, 0, 7, 9, -6, -3, 2, 8, -2, 1, 4, -3, -4, 8], [1, 4, 4, 1]);
    const output = new MaxPooling2D().call(image);
    expect([...output.dataSync()]).toEqual([9, 1, 8, 8]);
    tf.dispose([image, output]);
  });

  test.for([
    [
      10, 255, 125, 0, 170, 100, 70, 255, 105, 25, 25, 70, 255, 0, 150, 0, 10, 10, 0, 255, 10, 10, 150, 20, 70, 15, 200,
      100, 95, 0, 35, 25, 100, 20, 0, 60,
    ],
    [
      100, 100, 100, 50, 100, 50, 95, 255, 100, 125, 125, 170, 80, 40, 10, 10, 125, 150, 255, 30, 150, 20, 120, 125, 30,
      30, 150, 100, 70, 70, 70, 30, 100, 200, 70, 95,
    ],
  ])("gives either of the lesson's two different images one map: %j", (pixels) => {
    const output = tf.tidy(() => new MaxPooling2D().call(tf.tensor4d(pixels, [1, 6, 6, 1])));
    expect([...output.dataSync()]).toEqual([255, 125, 170, 255, 150, 150, 70, 200, 95]);
    output.dispose();
  });

  test.for([
    ["poolSize", { poolSize: 0 }],
    ["strides", { poolSize: 2, strides: [1, -1] }],
    ["padding", { poolSize: 2, padding: "full" as "same" }],
  ] as const)("rejects a wrong %s: %o", ([option, config]) => {
    expect(() => new MaxPooling2D(config)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test("rejects an image smaller than the window", () => {
    expect(() => new MaxPooling2D({ poolSize: 3 }).outputShape([null, 2, 5, 1])).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });
});
