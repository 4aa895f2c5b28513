import { useBackend } from "@featuremap/testing/backend";
import type * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { activations } from "../../testing/activations.ts";
import { conv2d } from "../../operations/convolution/conv2d.ts";
import { distinctValues, gradientMismatches } from "../../testing/numerical-gradient.ts";

useBackend();

describe("the fused convolution", () => {
  test.for([
    { activation: "linear", padding: "same", strides: 1, dilation: 1 },
    { activation: "relu", padding: "valid", strides: 2, dilation: 1 },
    { activation: "relu6", padding: "valid", strides: 2, dilation: 1 },
    { activation: "relu", padding: "same", strides: 1, dilation: 2 },
  ] as const)("has the slopes that differences show: %o", ({ activation, padding, strides, dilation }) => {
    const f = (...[x, filter, bias]: tf.Tensor[]): tf.Tensor =>
      conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, bias as tf.Tensor1D, activations[activation], {
        strides: [strides, strides],
        padding,
        dilation: [dilation, dilation],
        groups: 1,
      });
    const inputs = [
      distinctValues([2, 5, 4, 2], -1, 1, 5),
      distinctValues([3, 2, 2, 3], -1, 1, 3),
      distinctValues([3]),
    ];
    expect(gradientMismatches(f, inputs, { step: 0.002, tolerance: 5e-3 })).toEqual([]);
  });
});
