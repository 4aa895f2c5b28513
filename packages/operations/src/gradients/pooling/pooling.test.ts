import { useBackend } from "@featuremap/testing/backend";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, describe, expect, test } from "vitest";
import { distinctValues, gradientMismatches, watchGradients } from "../../testing/numerical-gradient.ts";
import { poolingGradients } from "./pooling.ts";

useBackend();
const unused = watchGradients(poolingGradients);
afterAll(() => expect(unused(), "gradients that no test used").toEqual([]));

type Padding = tf.AvgPoolAttrs["pad"];
type Rounding = "floor" | "round" | "ceil";

const explicit: tf.backend_util.ExplicitPadding = [
  [0, 0],
  [1, 2],
  [0, 1],
  [0, 0],
];

const windows: [[number, number], [number, number], Padding, Rounding?][] = [
  [[2, 2], [2, 2], "valid"],
  [[2, 3], [1, 2], "valid"],
  [[3, 3], [2, 2], "same"],
  [[3, 2], [1, 1], "same"],
  [[1, 1], [3, 2], "same"],
  [[3, 3], [2, 2], 1],
  [[2, 3], [1, 1], 0],
  [[3, 2], [2, 1], 1],
  [[3, 1], [1, 1], 0],
  [[1, 3], [2, 2], 0],
  [[3, 3], [1, 1], explicit],
  [[2, 2], [2, 2], 0, "ceil"],
  [[3, 3], [2, 2], 1, "floor"],
];

describe.for([
  ["maxPool", tf.maxPool],
  ["avgPool", tf.avgPool],
] as const)("%s", ([, pool]) => {
  test.for(windows)("has the slope that differences show: window %j, strides %j, padding %j, %s", (window) => {
    const [size, strides, padding, rounding] = window;
    const f = (x: tf.Tensor): tf.Tensor => pool(x as tf.Tensor4D, size, strides, padding, rounding);
    expect(gradientMismatches(f, [distinctValues([2, 5, 5, 1], -3, 3)])).toEqual([]);
  });
});

describe.for([
  ["maxPool3d", tf.maxPool3d],
  ["avgPool3d", tf.avgPool3d],
] as const)("%s", ([, pool]) => {
  test.for([
    [2, 2, "valid"],
    [[2, 1, 3], [1, 2, 1], "same"],
    [2, 2, 1],
    [3, 2, "same"],
  ] as [number | [number, number, number], number | [number, number, number], "valid" | "same" | number][])(
    "has the slope that differences show: window %j, strides %j, padding %j",
    ([size, strides, padding]) => {
      const f = (x: tf.Tensor): tf.Tensor => pool(x as tf.Tensor5D, size, strides, padding);
      expect(gradientMismatches(f, [distinctValues([1, 3, 3, 4, 2], -3, 3)])).toEqual([]);
    },
  );
});

test("pooling with dilation, which goes through smaller images, has the slope that differences show", () => {
  const f = (x: tf.Tensor): tf.Tensor => tf.pool(x as tf.Tensor4D, [2, 2], "max", "valid", [2, 2], 1);
  expect(gradientMismatches(f, [distinctValues([1, 5, 5, 1], -2, 2)])).toEqual([]);
});

test.for([
  [1, "valid", 1],
  [2, "same", 1],
  [1, "same", 2],
] as [number, "valid" | "same", number][])(
  "dilation2d has the slopes that differences show: strides %s, padding %s, dilation %s",
  ([strides, padding, dilations]) => {
    const f = (x: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
      tf.dilation2d(x as tf.Tensor4D, filter as tf.Tensor3D, strides, padding, dilations);
    // The filter moves in a raster of its own, so that no two sums are as large.
    const inputs = [distinctValues([1, 4, 4, 1], -2, 2), distinctValues([2, 2, 1], -0.31, 0.33)];
    expect(gradientMismatches(f, inputs, { step: 0.002, tolerance: 5e-3 })).toEqual([]);
  },
);
