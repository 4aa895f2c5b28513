import * as tf from "@tensorflow/tfjs-core";
import type { Computation } from "../model/operation-layer.ts";
import { binary, tensorOf } from "./arithmetic.ts";

type Compare = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** 1 where it is so and 0 elsewhere. Has no slope, where tfjs has no gradient at all. */
function comparison(compare: Compare): Computation {
  const truth = tf.customGrad((...operands) => {
    const [a, b] = operands as tf.Tensor[];
    if (a === undefined || b === undefined) throw new RangeError("a comparison is of two tensors");
    const shapes = [a.shape, b.shape];
    return {
      value: tf.cast(compare(a, b), "float32"),
      gradFunc: () => shapes.map((shape) => tf.zeros(shape)),
    };
  });
  return binary((a, b) => truth(tensorOf(a), tensorOf(b)));
}

/** Comparisons of `keras.ops`, whose truth is 1 or 0 here. */
export const comparisons: Readonly<Record<string, Computation>> = {
  Greater: comparison(tf.greater),
  GreaterEqual: comparison(tf.greaterEqual),
  Less: comparison(tf.less),
  LessEqual: comparison(tf.lessEqual),
  Equal: comparison(tf.equal),
  NotEqual: comparison(tf.notEqual),
};
