import { useBackend } from "@featuremap/testing/backend";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, expect, test } from "vitest";
import { countValues } from "../../operations/images/histograms.ts";
import { constantGradients } from "./constant.ts";
import { distinctValues, gradientMismatches, watchGradients } from "../../testing/numerical-gradient.ts";

useBackend();
const unused = watchGradients(constantGradients);
afterAll(() => expect(unused(), "gradients that no test used").toEqual([]));

const functions: [string, (x: tf.Tensor) => tf.Tensor][] = [
  ["ceil", tf.ceil],
  ["floor", tf.floor],
  ["round", tf.round],
  ["sign", tf.sign],
  ["step", tf.step],
  ["isFinite", tf.isFinite],
  ["isInf", tf.isInf],
  ["isNaN", tf.isNaN],
  ["onesLike", tf.onesLike],
  ["zerosLike", tf.zerosLike],
  ["argMax", (x) => tf.argMax(x, 1)],
  ["argMin", (x) => tf.argMin(x, 0)],
  ["oneHot", (x) => tf.oneHot(tf.cast(x, "int32"), 3)],
  ["denseBincount", (x) => countValues(tf.cast(x, "int32"), 1, 3)],
  ["equal", (x) => tf.equal(x, tf.reverse(x, 0))],
  ["notEqual", (x) => tf.notEqual(x, tf.reverse(x, 0))],
  ["greater", (x) => tf.greater(x, tf.reverse(x, 0))],
  ["greaterEqual", (x) => tf.greaterEqual(x, tf.reverse(x, 0))],
  ["less", (x) => tf.less(x, tf.reverse(x, 0))],
  ["lessEqual", (x) => tf.lessEqual(x, tf.slice(x, [0, 0], [1, 3]))],
];

test.for(functions)("%s has no slope of its own and lets others through", ([, f]) => {
  const sum = (x: tf.Tensor): tf.Tensor => tf.add(tf.sum(tf.square(x)), tf.sum(f(x)));
  expect(gradientMismatches(sum, [distinctValues([2, 3], 0.1, 2.2)])).toEqual([]);
});
