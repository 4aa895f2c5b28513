import * as tf from "@tensorflow/tfjs-core";
import { afterEach, expect, test } from "vitest";
import { activations } from "../../testing/activations.ts";
import { conv2d } from "../../operations/convolution/conv2d.ts";
import { registerGradients } from "../register-gradients.ts";
import { useBackend } from "@featuremap/testing/backend";
import {
  groupedConv2D,
  groupedConv2DBackpropFilter,
  groupedConv2DBackpropInput,
} from "../../contract/grouped-convolution.ts";
import { offerKernels } from "../../testing/offer-kernels.ts";

useBackend(registerGradients);

const GROUPS = 2;
let withdraw: () => void = () => {};
afterEach(() => withdraw());

/** Output and gradients of a convolution with groups. */
function results(activation: "relu" | "relu6" | "tanh", useBias: boolean): number[][] {
  return tf.tidy(() => {
    const shapes = [[2, 6, 5, 4], [3, 2, 2, 6], [6]];
    const inputs = shapes.map((shape, seed) => tf.randomNormal(shape, 0, 2, "float32", seed + 1));
    const compute = (...[x, kernel, bias]: tf.Tensor[]): tf.Tensor =>
      conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, useBias ? (bias as tf.Tensor1D) : null, activations[activation], {
        strides: [1, 1],
        padding: "same",
        dilation: [1, 1],
        groups: GROUPS,
      });
    const taken = useBias ? inputs : inputs.slice(0, 2);
    const gradients = tf.grads((...each: tf.Tensor[]) => tf.sum(tf.square(compute(...each))))(taken);
    return [compute(...inputs), ...gradients].map((result) => [...result.dataSync()]);
  });
}

test.for([
  ["relu", true],
  ["relu6", false],
  ["tanh", true],
] as const)(
  "a device's convolution of groups with %s gives what each group's own gives, bias %s",
  ([activation, useBias]) => {
    const expected = results(activation, useBias);
    withdraw = offerKernels([groupedConv2D, groupedConv2DBackpropInput, groupedConv2DBackpropFilter]);
    const actual = results(activation, useBias);
    expect(actual).toHaveLength(expected.length);
    for (const [index, values] of expected.entries()) {
      const far = values.filter((value, at) => !(Math.abs(value - (actual[index]?.[at] ?? Number.NaN)) < 1e-3));
      expect(far).toEqual([]);
    }
  },
);
