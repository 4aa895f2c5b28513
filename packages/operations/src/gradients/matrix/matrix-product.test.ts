import { useBackend } from "@featuremap/testing/backend";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, describe, expect, test } from "vitest";
import { matrixProductGradients } from "./matrix-product.ts";
import { distinctValues, gradientMismatches, watchGradients } from "../../testing/numerical-gradient.ts";

useBackend();
const unused = watchGradients(matrixProductGradients);
afterAll(() => expect(unused(), "gradients that no test used").toEqual([]));

const batches: [number[], number[]][] = [
  [[], []],
  [[2], [2]],
  [[2], []],
  [[], [2]],
  [[3], [1]],
  [[1], [3]],
  [[2, 3], [3]],
  [[3], [2, 3]],
  [
    [2, 3],
    [1, 1],
  ],
  [[1], []],
];

describe.for([
  [false, false],
  [false, true],
  [true, false],
  [true, true],
] as const)("matMul, transposeA %s, transposeB %s", ([transposeA, transposeB]) => {
  test.for(batches)("has the slope that differences show, for batches %j and %j", ([batchA, batchB]) => {
    const a = [...batchA, ...(transposeA ? [4, 3] : [3, 4])];
    const b = [...batchB, ...(transposeB ? [2, 4] : [4, 2])];
    const f = (left: tf.Tensor, right: tf.Tensor): tf.Tensor => tf.matMul(left, right, transposeA, transposeB);
    expect(gradientMismatches(f, [distinctValues(a, -1, 1), distinctValues(b, -1, 1, 3)])).toEqual([]);
  });
});

test("dot and outerProduct are trained through it", () => {
  const outer = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.outerProduct(a as tf.Tensor1D, b as tf.Tensor1D);
  expect(gradientMismatches(outer, [distinctValues([3]), distinctValues([2])])).toEqual([]);
  const dot = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.dot(a, b);
  expect(gradientMismatches(dot, [distinctValues([3]), distinctValues([3, 2])])).toEqual([]);
});
