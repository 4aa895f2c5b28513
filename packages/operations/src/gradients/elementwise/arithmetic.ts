import * as tf from "@tensorflow/tfjs-core";
import { sumTo } from "./broadcasting.ts";
import {
  type InputGradients,
  asFloat,
  elementwiseGradient,
  keepWhere,
  kernelGradient,
  listGradient,
} from "../kernel-gradient.ts";

/** Operands `a` and `b` as float32; `dy` has the shape that they broadcast to. */
type Slope = (dy: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** Arithmetic on one or two tensors, with broadcasting. */
export const arithmeticGradients: readonly tf.GradConfig[] = [
  binaryGradient(tf.Add, { a: (dy) => dy, b: (dy) => dy }),
  binaryGradient(tf.Sub, { a: (dy) => dy, b: (dy) => tf.neg(dy) }),
  binaryGradient(tf.Multiply, { a: (dy, _a, b) => tf.mul(dy, b), b: (dy, a) => tf.mul(dy, a) }),
  binaryGradient(tf.RealDiv, { a: (dy, _a, b) => tf.div(dy, b), b: quotientByDivisor }),
  // A step function's true slope is zero almost everywhere; as TensorFlow.js, this is that of the plain quotient.
  binaryGradient(tf.FloorDiv, { a: (dy, _a, b) => tf.div(dy, b), b: quotientByDivisor }),
  binaryGradient(tf.Mod, { a: (dy) => dy, b: (dy, a, b) => tf.neg(tf.mul(dy, tf.floor(tf.div(a, b)))) }),
  binaryGradient(tf.Maximum, {
    a: (dy, a, b) => keepWhere(tf.greaterEqual(a, b), dy),
    b: (dy, a, b) => keepWhere(tf.less(a, b), dy),
  }),
  binaryGradient(tf.Minimum, {
    a: (dy, a, b) => keepWhere(tf.lessEqual(a, b), dy),
    b: (dy, a, b) => keepWhere(tf.greater(a, b), dy),
  }),
  binaryGradient(tf.SquaredDifference, {
    a: (dy, a, b) => tf.mul(dy, tf.mul(tf.sub(a, b), 2)),
    b: (dy, a, b) => tf.mul(dy, tf.mul(tf.sub(b, a), 2)),
  }),
  binaryGradient(tf.Pow, { a: powerByBase, b: powerByExponent }),
  binaryGradient(tf.Atan2, {
    a: (dy, a, b) => tf.mul(dy, tf.div(b, tf.add(tf.square(a), tf.square(b)))),
    b: (dy, a, b) => tf.neg(tf.mul(dy, tf.div(a, tf.add(tf.square(a), tf.square(b))))),
  }),
  listGradient(tf.AddN, (dy, inputs) => inputs.map(() => () => tf.clone(dy))),
  kernelGradient(tf.Neg, [], (dy) => ({ x: () => tf.neg(dy) })),
  elementwiseGradient(tf.Abs, (dy, x) => tf.mul(dy, tf.sign(x))),
  // Derivatives are real here, so this is the one by the real part.
  kernelGradient(tf.ComplexAbs, ["x"], (dy, { x }) => ({ x: () => tf.mul(dy, tf.divNoNan(tf.real(x), tf.abs(x))) })),
  elementwiseGradient(tf.Square, (dy, x) => tf.mul(dy, tf.mul(x, 2))),
  elementwiseGradient(tf.Sqrt, (dy, x) => tf.div(dy, tf.mul(tf.sqrt(x), 2))),
  elementwiseGradient(tf.Rsqrt, (dy, x) => tf.neg(tf.div(dy, tf.mul(tf.pow(x, 1.5), 2)))),
  elementwiseGradient(tf.Reciprocal, (dy, x) => tf.neg(tf.div(dy, tf.square(x)))),
  kernelGradient(tf.ClipByValue, ["x"], (dy, { x }, { clipValueMin, clipValueMax }: tf.ClipByValueAttrs) => ({
    x: () => keepWhere(tf.greaterEqual(x, clipValueMin), keepWhere(tf.lessEqual(x, clipValueMax), dy)),
  })),
];

function binaryGradient(kernelName: string, slopes: { readonly a: Slope; readonly b: Slope }): tf.GradConfig {
  return kernelGradient(kernelName, ["a", "b"], (dy, { a, b }): InputGradients => ({
    a: () => sumTo(a.shape, slopes.a(dy, asFloat(a), asFloat(b))),
    b: () => sumTo(b.shape, slopes.b(dy, asFloat(a), asFloat(b))),
  }));
}

/** `-a / b^2` */
function quotientByDivisor(dy: tf.Tensor, a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.neg(tf.div(tf.mul(dy, a), tf.square(b)));
}

/** `b a^(b-1)` */
function powerByBase(dy: tf.Tensor, a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.mul(dy, tf.mul(b, tf.pow(a, tf.sub(b, 1))));
}

/** `a^b ln a`, and 0 where the base is not positive: the power of such a base is real only at single points. */
function powerByExponent(dy: tf.Tensor, a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const logarithm = tf.where(tf.greater(a, 0), tf.log(a), tf.zerosLike(a));
  return tf.mul(dy, tf.mul(tf.pow(a, b), logarithm));
}
