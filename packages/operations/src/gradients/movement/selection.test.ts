import { useBackend } from "@featuremap/testing/backend";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, describe, expect, test } from "vitest";
import { distinctValues, gradientMismatches, watchGradients } from "../../testing/numerical-gradient.ts";
import { registerGradients } from "../register-gradients.ts";
import { selectionGradients } from "./selection.ts";

useBackend();
const unused = watchGradients(selectionGradients);
afterAll(() => expect(unused(), "gradients that no test used").toEqual([]));

function withIndices(
  values: number[],
  shape: number[],
  f: (x: tf.Tensor, indices: tf.Tensor) => tf.Tensor,
): (x: tf.Tensor) => tf.Tensor {
  return (x) => f(x, tf.tensor(values, shape, "int32"));
}

describe("where", () => {
  test("has the slope that differences show, with broadcasting", () => {
    const f = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.where(tf.tensor1d([true, false, true], "bool"), a, b);
    expect(gradientMismatches(f, [distinctValues([2, 3]), distinctValues([2, 1])])).toEqual([]);
  });

  test("lets no infinity through from the side that was not chosen", () => {
    registerGradients();
    tf.tidy(() => {
      const safe = tf.grad((x: tf.Tensor) => tf.where(tf.greater(x, 0), tf.mul(x, 3), tf.zerosLike(x)));
      const infinite = tf.tensor1d([Number.POSITIVE_INFINITY, 1]);
      expect(safe(tf.tensor1d([-1, 1]), infinite).arraySync()).toEqual([0, 3]);
    });
  });
});

describe("gather", () => {
  test.for([
    ["along the first axis", [4, 3], [3], [0, 2, 0], 0, 0],
    ["along the last axis", [2, 4], [3], [3, 3, 1], -1, 0],
    ["in the middle, by a matrix of indices", [2, 3, 4], [2, 2], [0, 2, 1, 2], 1, 0],
    ["by a single index", [3, 2], [], [1], 0, 0],
    ["with a batch axis", [2, 4], [2, 3], [0, 1, 1, 3, 3, 2], 1, 1],
    ["with two batch axes", [2, 2, 3], [2, 2, 2], [0, 1, 1, 1, 2, 0, 2, 2], 2, 2],
    ["with a batch axis and one between", [2, 3, 4], [2, 2], [0, 3, 1, 1], 2, 1],
  ] as [string, number[], number[], number[], number, number][])(
    "%s has the slope that differences show",
    ([, shape, indexShape, indices, axis, batchDims]) => {
      const f = withIndices(indices, indexShape, (x, picks) => tf.gather(x, picks, axis, batchDims));
      expect(gradientMismatches(f, [distinctValues(shape)])).toEqual([]);
    },
  );

  test("can be differentiated twice", () => {
    registerGradients();
    const gatherSquares = withIndices([1, 1, 2], [3], (x, picks) => tf.square(tf.gather(tf.square(x), picks)));
    const slope = (x: tf.Tensor): tf.Tensor => tf.grad((inner: tf.Tensor) => gatherSquares(inner))(x);
    expect(gradientMismatches(slope, [distinctValues([4], 0.5, 2)], { tolerance: 5e-3 })).toEqual([]);
  });
});

test("gatherND has the slope that differences show", () => {
  const f = withIndices([0, 1, 1, 0, 0, 1], [3, 2], (x, indices) => tf.gatherND(x, indices));
  expect(gradientMismatches(f, [distinctValues([2, 2, 3])])).toEqual([]);
});

test("scatterND has the slope that differences show, also where indices repeat", () => {
  const f = withIndices([0, 3, 0], [3, 1], (x, indices) => tf.scatterND(indices, x, [4, 2]));
  expect(gradientMismatches(f, [distinctValues([3, 2])])).toEqual([]);
});

test("unsortedSegmentSum has the slope that differences show, and none for elements of no segment", () => {
  const f = withIndices([1, 0, 1, -1], [4], (x, segments) => tf.unsortedSegmentSum(x, segments as tf.Tensor1D, 3));
  expect(gradientMismatches(f, [distinctValues([4, 2])])).toEqual([]);
});
