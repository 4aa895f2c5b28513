import { useBackend } from "@featuremap/testing/backend";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, describe, expect, test } from "vitest";
import { distinctValues, gradientMismatches, watchGradients } from "../../testing/numerical-gradient.ts";
import { reductionGradients } from "./reductions.ts";
import { registerGradients } from "../register-gradients.ts";

useBackend();
const unused = watchGradients(reductionGradients);
afterAll(() => expect(unused(), "gradients that no test used").toEqual([]));

const axes: [number[], number | number[] | undefined][] = [
  [[2, 3, 4], undefined],
  [[2, 3, 4], 0],
  [[2, 3, 4], -1],
  [
    [2, 3, 4],
    [0, 2],
  ],
  [
    [2, 3, 4],
    [-2, 0],
  ],
  [
    [2, 3, 4],
    [0, 1, 2],
  ],
  [[5], 0],
  [[], undefined],
];

const reductions: [string, (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor][] = [
  ["sum", tf.sum],
  ["mean", tf.mean],
  ["max", tf.max],
  ["min", tf.min],
  ["prod", tf.prod],
  ["logSumExp", tf.logSumExp],
];
describe.for(reductions)("%s", ([, reduce]) => {
  describe.for([false, true])("keepDims %s", (keepDims) => {
    test.for(axes)("has the slope that differences show, for %j along %j", ([shape, axis]) => {
      const f = (x: tf.Tensor): tf.Tensor => reduce(x, axis, keepDims);
      expect(gradientMismatches(f, [distinctValues(shape)])).toEqual([]);
    });
  });
});

test("a product with zeros has the slope that differences show", () => {
  const f = (x: tf.Tensor): tf.Tensor => tf.prod(x, 1);
  const x = tf.tensor2d([
    [1, 0, 3],
    [0, 2, 0],
  ]);
  expect(gradientMismatches(f, [x])).toEqual([]);
});

test("every element that is the largest gets the whole slope, as in TensorFlow.js", () => {
  registerGradients();
  tf.tidy(() => {
    const gradient = tf.grad((x: tf.Tensor) => tf.max(x))(tf.tensor1d([1, 7, 7]));
    expect(gradient.arraySync()).toEqual([0, 1, 1]);
  });
});

describe.for([0, 1, 2])("cumsum along axis %s", (axis) => {
  test.for([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ] as const)("has the slope that differences show, exclusive %s, reverse %s", ([exclusive, reverse]) => {
    const f = (x: tf.Tensor): tf.Tensor => tf.cumsum(x, axis, exclusive, reverse);
    expect(gradientMismatches(f, [distinctValues([2, 3, 4])])).toEqual([]);
  });
});

test.for(reductions)("%s can be differentiated twice, unless by prod", ([name, reduce]) => {
  if (name === "prod") return;
  registerGradients();
  const slope = (x: tf.Tensor): tf.Tensor => tf.grad((inner: tf.Tensor) => tf.square(reduce(tf.square(inner), 1)))(x);
  expect(gradientMismatches(slope, [distinctValues([2, 3], 0.5, 2)], { tolerance: 5e-3 })).toEqual([]);
});
