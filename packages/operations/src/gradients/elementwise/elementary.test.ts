import { useBackend } from "@featuremap/testing/backend";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, describe, expect, test } from "vitest";
import { elementaryGradients } from "./elementary.ts";
import { distinctValues, gradientMismatches, watchGradients } from "../../testing/numerical-gradient.ts";
import { registerGradients } from "../register-gradients.ts";

useBackend();
const unused = watchGradients(elementaryGradients);
afterAll(() => expect(unused(), "gradients that no test used").toEqual([]));

const functions: [string, (x: tf.Tensor) => tf.Tensor, [number, number]][] = [
  ["exp", tf.exp, [-2, 2]],
  ["expm1", tf.expm1, [-2, 2]],
  ["log", tf.log, [0.3, 3]],
  ["log1p", tf.log1p, [-0.6, 3]],
  ["erf", tf.erf, [-2, 2]],
  ["sin", tf.sin, [-4, 4]],
  ["cos", tf.cos, [-4, 4]],
  ["tan", tf.tan, [-1, 1]],
  ["asin", tf.asin, [-0.8, 0.8]],
  ["acos", tf.acos, [-0.8, 0.8]],
  ["atan", tf.atan, [-3, 3]],
  ["sinh", tf.sinh, [-2, 2]],
  ["cosh", tf.cosh, [-2, 2]],
  ["asinh", tf.asinh, [-3, 3]],
  ["acosh", tf.acosh, [1.4, 4]],
  ["atanh", tf.atanh, [-0.8, 0.8]],
];

describe.for(functions)("%s", ([, f, [low, high]]) => {
  test("has the slope that differences show", () => {
    expect(gradientMismatches((x) => f(x), [distinctValues([2, 5], low, high)])).toEqual([]);
  });

  test("can be differentiated twice", () => {
    registerGradients();
    // The product has a slope by the function's own output too, which a kept output would lose.
    const slope = (x: tf.Tensor): tf.Tensor => tf.grad((inner: tf.Tensor) => tf.mul(inner, f(inner)))(x);
    expect(gradientMismatches(slope, [distinctValues([6], low, high)], { tolerance: 5e-3 })).toEqual([]);
  });
});
