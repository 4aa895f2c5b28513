import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import type { Layer } from "../../../layer/layer.ts";
import { adaptiveWindows, elementsUnder, registerGradients } from "@featuremap/operations";
import { checkLayerContract } from "../../../testing/check-layer-contract.ts";
import { useBackend } from "@featuremap/testing/backend";
import { AdaptiveAveragePooling1D } from "./adaptive-average-pooling1d.ts";
import { AdaptiveAveragePooling2D } from "./adaptive-average-pooling2d.ts";
import { AdaptiveAveragePooling3D } from "./adaptive-average-pooling3d.ts";
import { AdaptiveMaxPooling1D } from "./adaptive-max-pooling1d.ts";
import { AdaptiveMaxPooling2D } from "./adaptive-max-pooling2d.ts";
import { AdaptiveMaxPooling3D } from "./adaptive-max-pooling3d.ts";
import { GlobalAveragePooling2D } from "../global/global-average-pooling2d.ts";
import { GlobalMaxPooling2D } from "../global/global-max-pooling2d.ts";

useBackend(registerGradients);

describe.for<[string, () => Layer, number[]]>([
  ["AdaptiveAveragePooling1D", () => new AdaptiveAveragePooling1D({ outputSize: 3 }), [2, 7, 2]],
  ["AdaptiveMaxPooling1D", () => new AdaptiveMaxPooling1D({ outputSize: [3] }), [2, 7, 2]],
  ["AdaptiveAveragePooling2D", () => new AdaptiveAveragePooling2D({ outputSize: [2, 3] }), [2, 6, 5, 2]],
  ["AdaptiveMaxPooling2D", () => new AdaptiveMaxPooling2D({ outputSize: [2, 3] }), [2, 6, 5, 2]],
  ["AdaptiveAveragePooling3D", () => new AdaptiveAveragePooling3D({ outputSize: [2, 1, 3] }), [1, 3, 2, 4, 2]],
  ["AdaptiveMaxPooling3D", () => new AdaptiveMaxPooling3D({ outputSize: [2, 1, 3] }), [1, 3, 2, 4, 2]],
  [
    "AdaptiveMaxPooling2D, channels first",
    () => new AdaptiveMaxPooling2D({ outputSize: 2, dataFormat: "channelsFirst" }),
    [2, 2, 5, 3],
  ],
])("%s", ([, make, inputShape]) => {
  checkLayerContract(make, { inputShape });
});

test("to one element it is global pooling", () => {
  tf.tidy(() => {
    const images = tf.randomNormal([2, 5, 4, 3], 0, 1, "float32", 1);
    const same = (layer: Layer, global: Layer): void => {
      const context = { training: false };
      const difference = tf.max(tf.abs(tf.sub(layer.call(images, context), global.call(images, context))));
      expect(difference.dataSync()[0]).toBeLessThan(1e-6);
    };
    same(new AdaptiveAveragePooling2D({ outputSize: 1 }), new GlobalAveragePooling2D({ keepDims: true }));
    same(new AdaptiveMaxPooling2D({ outputSize: 1 }), new GlobalMaxPooling2D({ keepDims: true }));
  });
});

test("windows overlap where lengths do not divide, and what lies under them is known without listing them", () => {
  expect(adaptiveWindows(7, 3)).toEqual({ starts: [0, 2, 4], sizes: [3, 3, 3] });
  expect(adaptiveWindows(2, 3)).toEqual({ starts: [0, 0, 1], sizes: [1, 2, 1] });
  for (let length = 1; length <= 12; length++) {
    for (let count = 1; count <= 12; count++) {
      const { sizes } = adaptiveWindows(length, count);
      expect(elementsUnder(length, count)).toBe(sizes.reduce((sum, size) => sum + size, 0));
    }
  }
});

test("rejects wrong sizes, inputs of other axes and empty inputs", () => {
  const invalid: unknown = expect.objectContaining({ code: "INVALID_CONFIG", option: "outputSize" });
  const mismatch: unknown = expect.objectContaining({ code: "SHAPE_MISMATCH" });
  expect(() => new AdaptiveMaxPooling2D({ outputSize: 0 })).toThrow(invalid);
  expect(() => new AdaptiveMaxPooling2D({ outputSize: [1, 2, 3] as unknown as [number, number] })).toThrow(invalid);
  expect(() => new AdaptiveMaxPooling1D({ outputSize: 2 }).outputShape([null, 4, 4, 1])).toThrow(mismatch);
  expect(() => new AdaptiveMaxPooling1D({ outputSize: 2 }).outputShape([null, 0, 1])).toThrow(mismatch);
  expect(new AdaptiveMaxPooling2D({ outputSize: 2 }).outputShape([null, null, 4, 3])).toEqual([null, 2, 2, 3]);
});
