import * as tf from "@tensorflow/tfjs-core";
import { elementwiseGradient, outputGradient } from "../kernel-gradient.ts";

/** Exponential, logarithmic, trigonometric and hyperbolic functions, and the error function. */
export const elementaryGradients: readonly tf.GradConfig[] = [
  outputGradient(tf.Exp, "x", tf.exp, (dy, y) => tf.mul(dy, y)),
  elementwiseGradient(tf.Expm1, (dy, x) => tf.mul(dy, tf.exp(x))),
  elementwiseGradient(tf.Log, (dy, x) => tf.div(dy, x)),
  elementwiseGradient(tf.Log1p, (dy, x) => tf.div(dy, tf.add(x, 1))),
  elementwiseGradient(tf.Erf, (dy, x) => tf.mul(dy, tf.mul(tf.exp(tf.neg(tf.square(x))), 2 / Math.sqrt(Math.PI)))),

  elementwiseGradient(tf.Sin, (dy, x) => tf.mul(dy, tf.cos(x))),
  elementwiseGradient(tf.Cos, (dy, x) => tf.neg(tf.mul(dy, tf.sin(x)))),
  elementwiseGradient(tf.Tan, (dy, x) => tf.div(dy, tf.square(tf.cos(x)))),
  elementwiseGradient(tf.Asin, (dy, x) => tf.div(dy, tf.sqrt(tf.sub(1, tf.square(x))))),
  elementwiseGradient(tf.Acos, (dy, x) => tf.neg(tf.div(dy, tf.sqrt(tf.sub(1, tf.square(x)))))),
  elementwiseGradient(tf.Atan, (dy, x) => tf.div(dy, tf.add(tf.square(x), 1))),

  elementwiseGradient(tf.Sinh, (dy, x) => tf.mul(dy, tf.cosh(x))),
  elementwiseGradient(tf.Cosh, (dy, x) => tf.mul(dy, tf.sinh(x))),
  elementwiseGradient(tf.Asinh, (dy, x) => tf.div(dy, tf.sqrt(tf.add(tf.square(x), 1)))),
  elementwiseGradient(tf.Acosh, (dy, x) => tf.div(dy, tf.sqrt(tf.sub(tf.square(x), 1)))),
  elementwiseGradient(tf.Atanh, (dy, x) => tf.div(dy, tf.sub(1, tf.square(x)))),
];
