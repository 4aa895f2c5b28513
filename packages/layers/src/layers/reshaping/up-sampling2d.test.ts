import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { UpSampling2D, type UpSampling2DConfig } from "./up-sampling2d.ts";

useBackend(registerGradients);

describe("UpSampling2D", () => {
  checkLayerContract(() => new UpSampling2D({ size: [3, 2] }), { inputShape: [2, 3, 2, 2] });

  describe.for(["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"] as const)(
    "with %s interpolation",
    (interpolation) => {
      checkLayerContract(() => new UpSampling2D({ size: [2, 3], interpolation, dataFormat: "channelsFirst" }), {
        inputShape: [2, 2, 3, 4],
      });
    },
  );

  test.for<[keyof UpSampling2DConfig, UpSampling2DConfig]>([
    ["size", { size: 0 }],
    ["size", { size: [2] as unknown as [number, number] }],
    ["interpolation", { interpolation: "linear" as "nearest" }],
    ["dataFormat", { dataFormat: "NHWC" as "channelsLast" }],
  ])("rejects a wrong %s: %o", ([option, config]) => {
    expect(() => new UpSampling2D(config)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test("keeps unknown lengths unknown", () => {
    expect(new UpSampling2D().outputShape([null, null, 4, 3])).toEqual([null, null, 8, 3]);
  });

  test.for([3, 7, 41, 49])("repeats each of %d pixels as often as another", (size) => {
    const image = tf.range(0, 50);
    const output = tf.tidy(() => new UpSampling2D({ size: [1, size] }).call(tf.reshape(image, [1, 1, 50, 1])));
    expect([...output.dataSync()]).toEqual(Array.from({ length: 50 * size }, (_, index) => Math.floor(index / size)));
    tf.dispose([image, output]);
  });

  test("rejects inputs of other axes", () => {
    expect(() => new UpSampling2D().outputShape([null, 5, 1])).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });
});
