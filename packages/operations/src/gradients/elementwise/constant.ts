import * as tf from "@tensorflow/tfjs-core";
import { kernelGradient, zeros } from "../kernel-gradient.ts";

/**
 * Functions that are constant but for jumps: rounding, signs, comparisons, indices, and what ignores its input's values.
 *
 * Their derivative is zero wherever they have one. They are here so that a network may use them on the way.
 */
export const constantGradients: readonly tf.GradConfig[] = [
  ...[tf.Ceil, tf.Floor, tf.Round, tf.Sign, tf.Step, tf.IsFinite, tf.IsInf, tf.IsNan, tf.OnesLike, tf.ZerosLike].map(
    (name) => kernelGradient(name, [], (dy) => ({ x: () => zeros(dy.shape) })),
  ),
  ...[tf.ArgMax, tf.ArgMin].map((name) => kernelGradient(name, ["x"], (_dy, { x }) => ({ x: () => zeros(x.shape) }))),
  ...[tf.Equal, tf.NotEqual, tf.Greater, tf.GreaterEqual, tf.Less, tf.LessEqual].map((name) =>
    kernelGradient(name, ["a", "b"], (_dy, { a, b }) => ({ a: () => zeros(a.shape), b: () => zeros(b.shape) })),
  ),
  kernelGradient(tf.DenseBincount, ["x"], (_dy, { x }) => ({ x: () => zeros(x.shape) })),
  kernelGradient(tf.OneHot, ["indices"], (_dy, { indices }) => ({ indices: () => zeros(indices.shape) })),
];
