import { useBackend } from "@featuremap/testing/backend";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, expect, test } from "vitest";
import { distinctValues, gradientMismatches, watchGradients } from "../../testing/numerical-gradient.ts";
import { registerGradients } from "../register-gradients.ts";
import { shapingGradients } from "./shaping.ts";

useBackend();
const unused = watchGradients(shapingGradients);
afterAll(() => expect(unused(), "gradients that no test used").toEqual([]));

const functions: [string, number[], (x: tf.Tensor) => tf.Tensor][] = [
  ["clone", [2, 3], (x) => tf.clone(x)],
  ["identity kernel", [2, 3], (x) => tf.engine().runKernel<tf.Tensor>(tf.Identity, { x })],
  ["cast", [2, 3], (x) => tf.cast(x, "float32")],
  ["reshape", [2, 3], (x) => tf.reshape(x, [3, 2, 1])],
  ["expandDims", [2, 3], (x) => tf.expandDims(x, 1)],
  ["transpose", [2, 3, 4], (x) => tf.transpose(x, [2, 0, 1])],
  ["transpose without an order", [2, 3], (x) => tf.transpose(x)],
  ["reverse", [2, 3], (x) => tf.reverse(x, [-1])],
  ["tile", [2, 3], (x) => tf.tile(x, [2, 3])],
  ["tile of rank 5", [1, 2, 1, 2, 2], (x) => tf.tile(x, [1, 2, 2, 1, 2])],
  ["broadcastTo", [3, 1], (x) => tf.broadcastTo(x, [2, 3, 4])],
  [
    "spaceToBatchND",
    [1, 3, 4, 2],
    (x) =>
      tf.spaceToBatchND(
        x,
        [2, 2],
        [
          [1, 0],
          [0, 2],
        ],
      ),
  ],
  [
    "batchToSpaceND",
    [8, 2, 3, 1],
    (x) =>
      tf.batchToSpaceND(
        x,
        [2, 2],
        [
          [1, 0],
          [0, 2],
        ],
      ),
  ],
];

test.for(functions)("%s has the slope that differences show", ([, shape, f]) => {
  expect(gradientMismatches((x) => f(x), [distinctValues(shape)])).toEqual([]);
});

test("the slope goes through an integer on the way, as in TensorFlow.js", () => {
  registerGradients();
  tf.tidy(() => {
    const gradient = tf.grad((x: tf.Tensor) => tf.mul(tf.cast(tf.cast(x, "int32"), "float32"), 2));
    expect(gradient(tf.tensor1d([1.5, 2.5])).arraySync()).toEqual([2, 2]);
  });
});

test("the BroadcastTo kernel, which some backends have, gets the sum of the copies' slopes", () => {
  registerGradients();
  tf.tidy(() => {
    const gradients = tf
      .getGradient(tf.BroadcastTo)
      .gradFunc(tf.ones([2, 3, 4]), [tf.ones([3, 1])], { shape: [2, 3, 4], inputShape: [3, 1] });
    expect(gradients["x"]?.().arraySync()).toEqual([[8], [8], [8]]);
  });
});
