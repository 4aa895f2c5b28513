import { useBackend } from "@featuremap/testing/backend";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, describe, expect, test } from "vitest";
import { distinctValues, gradientMismatches, watchGradients } from "../../testing/numerical-gradient.ts";
import { resizingGradients } from "./resizing.ts";

useBackend();
const unused = watchGradients(resizingGradients);
afterAll(() => expect(unused(), "gradients that no test used").toEqual([]));

describe.for([
  ["resizeBilinear", tf.image.resizeBilinear],
  ["resizeNearestNeighbor", tf.image.resizeNearestNeighbor],
] as const)("%s", ([, resize]) => {
  describe.for([
    [false, false],
    [true, false],
    [false, true],
  ] as const)("alignCorners %s, halfPixelCenters %s", ([alignCorners, halfPixelCenters]) => {
    test.for([
      [4, 7],
      [2, 3],
      [6, 2],
      [1, 1],
      [3, 4],
      [6, 12],
    ] as [number, number][])("has the slope that differences show, to %j", (size) => {
      const f = (x: tf.Tensor): tf.Tensor => resize(x as tf.Tensor4D, size, alignCorners, halfPixelCenters);
      expect(gradientMismatches(f, [distinctValues([2, 3, 4, 2])])).toEqual([]);
    });
  });
});
