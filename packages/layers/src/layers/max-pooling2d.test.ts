import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import golden from "../fixtures/max-pooling2d.json" with { type: "json" };
import { checkLayerContract } from "../testing/check-layer-contract.ts";
import { useCpuBackend } from "../testing/cpu-backend.ts";
import { MaxPooling2D } from "./max-pooling2d.ts";

useCpuBackend();

describe("MaxPooling2D", () => {
  checkLayerContract(() => new MaxPooling2D({ poolSize: 2 }), { inputShape: [2, 4, 6, 3], golden });

  describe("with overlapping windows", () => {
    checkLayerContract(() => new MaxPooling2D({ poolSize: 3, strides: 2, padding: "same" }), {
      inputShape: [1, 5, 4, 2],
      golden: [],
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

  test("gives two moved images of the lesson one map", () => {
    const window = (values: readonly number[], corner: number): number[] =>
      values.flatMap((value) => Array.from({ length: 4 }, (_, index) => (index === corner ? value : value / 2)));
    const largest = [255, 125, 170, 255, 150, 150, 70, 200, 95];
    const pooled = [0, 3].map((corner) => {
      const output = tf.tidy(() => {
        const blocks = tf.tensor6d(window(largest, corner), [1, 3, 3, 2, 2, 1]);
        return new MaxPooling2D().call(tf.reshape(tf.transpose(blocks, [0, 1, 3, 2, 4, 5]), [1, 6, 6, 1]));
      });
      const values = [...output.dataSync()];
      output.dispose();
      return values;
    });
    expect(pooled).toEqual([largest, largest]);
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
