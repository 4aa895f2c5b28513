import { useBackend } from "@featuremap/testing/backend";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, expect, test } from "vitest";
import { convolution3dGradients } from "./convolution-3d.ts";
import { distinctValues, gradientMismatches, watchGradients } from "../../testing/numerical-gradient.ts";

useBackend();
const unused = watchGradients(convolution3dGradients);
afterAll(() => expect(unused(), "gradients that no test used").toEqual([]));

type Triple = [number, number, number];

test.for([
  [1, "valid", 1],
  [1, "same", 1],
  [[2, 1, 2], "same", 1],
  [1, "valid", 2],
  [1, "same", [2, 1, 3]],
] as [number | Triple, "valid" | "same", number | Triple][])(
  "conv3d has the slopes that differences show: strides %j, padding %s, dilation %j",
  ([strides, padding, dilation]) => {
    const f = (x: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
      tf.conv3d(x as tf.Tensor5D, filter as tf.Tensor5D, strides, padding, "NDHWC", dilation);
    const inputs = [distinctValues([1, 3, 4, 3, 2], -1, 1), distinctValues([2, 2, 2, 2, 1], -1, 1, 3)];
    expect(gradientMismatches(f, inputs)).toEqual([]);
  },
);
