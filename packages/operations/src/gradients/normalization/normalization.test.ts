import { useBackend } from "@featuremap/testing/backend";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, expect, test } from "vitest";
import { normalizationGradients } from "./normalization.ts";
import { distinctValues, gradientMismatches, watchGradients } from "../../testing/numerical-gradient.ts";

useBackend();
const unused = watchGradients(normalizationGradients);
afterAll(() => expect(unused(), "gradients that no test used").toEqual([]));

test.for([
  [[2, 2, 3, 4], [4]],
  [[5, 3], [3]],
  [[2, 4, 3], [3]],
  [
    [3, 4],
    [3, 4],
  ],
])("batchNorm has the slopes that differences show, for %j by %j", ([shape = [], parameters = []]) => {
  const f = (x: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor, offset: tf.Tensor, scale: tf.Tensor): tf.Tensor =>
    tf.batchNorm(x, mean, variance, offset, scale, 0.01);
  const inputs = [
    distinctValues(shape),
    distinctValues(parameters, -1, 1),
    distinctValues(parameters, 0.5, 2),
    distinctValues(parameters, -1, 1),
    distinctValues(parameters, 0.5, 1.5),
  ];
  expect(gradientMismatches(f, inputs)).toEqual([]);
});

test("batchNorm by the batch's own moments has the slope that differences show", () => {
  const f = (x: tf.Tensor, scale: tf.Tensor): tf.Tensor => {
    const { mean, variance } = tf.moments(x, 0);
    return tf.batchNorm(x, mean, variance, tf.zerosLike(mean), scale);
  };
  expect(gradientMismatches(f, [distinctValues([5, 3]), distinctValues([3], 0.5, 1.5)])).toEqual([]);
});

test.for([1, 2])("localResponseNormalization has the slope that differences show, radius %s", (radius) => {
  const f = (x: tf.Tensor): tf.Tensor => tf.localResponseNormalization(x as tf.Tensor4D, radius, 1.2, 0.7, 0.6);
  expect(gradientMismatches(f, [distinctValues([1, 2, 2, 5])])).toEqual([]);
});
