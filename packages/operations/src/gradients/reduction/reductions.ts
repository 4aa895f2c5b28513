import { sizeOf } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { withReducedAxes } from "../elementwise/broadcasting.ts";
import { asFloat, filled, kernelGradient } from "../kernel-gradient.ts";

/** What a reduction's attributes may hold; `max` names its axes differently. No axis means all of them. */
interface ReductionAttributes {
  readonly axis?: number | number[] | null;
  readonly reductionIndices?: number | number[] | null;
}

/** Sums, means, products, extremes and running sums along axes. */
export const reductionGradients: readonly tf.GradConfig[] = [
  kernelGradient(tf.Sum, ["x"], (dy, { x }, attributes: ReductionAttributes) => ({
    x: () => spread(dy, x.shape, axesOf(attributes, x.shape), 1),
  })),
  kernelGradient(tf.Mean, ["x"], (dy, { x }, attributes: ReductionAttributes) => ({
    x: () => {
      const axes = axesOf(attributes, x.shape);
      return spread(dy, x.shape, axes, 1 / sizeAlong(x.shape, axes));
    },
  })),
  extremeGradient(tf.Max),
  extremeGradient(tf.Min),
  kernelGradient(tf.Prod, ["x"], (dy, { x }, attributes: ReductionAttributes) => ({
    x: () => {
      const axes = axesOf(attributes, x.shape);
      return tf.mul(withReducedAxes(dy, x.shape, axes), productOfOthers(asFloat(x), axes));
    },
  })),
  kernelGradient(tf.Cumsum, [], (dy, _kept, { axis, exclusive, reverse }: tf.CumsumAttrs) => ({
    x: () => {
      const sums = (slopes: tf.Tensor): tf.Tensor => tf.cumsum(slopes, axis, exclusive);
      return reverse ? sums(dy) : fromTheEnd(dy, axis, sums);
    },
  })),
];

function axesOf({ axis, reductionIndices }: ReductionAttributes, shape: number[]): number[] {
  const axes = axis ?? reductionIndices ?? shape.map((_, index) => index);
  return tf.util.parseAxisParam(axes, shape);
}

function sizeAlong(shape: readonly number[], axes: readonly number[]): number {
  return sizeOf(axes.map((axis) => shape[axis] ?? 1));
}

/** `dy * factor`, repeated along the axes that were reduced. */
function spread(dy: tf.Tensor, shape: number[], axes: readonly number[], factor: number): tf.Tensor {
  // Multiplying by a filled tensor is quick on every backend; repeating by `tile` is not.
  return tf.mul(withReducedAxes(dy, shape, axes), filled(shape, factor));
}

/** Each element that equals the extreme gets the whole derivative, also where several do. */
function extremeGradient(kernelName: string): tf.GradConfig {
  return kernelGradient(kernelName, ["x", "y"], (dy, { x, y }, attributes: ReductionAttributes) => ({
    x: () => {
      const axes = axesOf(attributes, x.shape);
      const isExtreme = tf.equal(x, withReducedAxes(y, x.shape, axes));
      return tf.mul(withReducedAxes(dy, x.shape, axes), asFloat(isExtreme));
    },
  }));
}

/** For every element, the product of the others along the axes: no division, so zeros do no harm. */
function productOfOthers(x: tf.Tensor, axes: readonly number[]): tf.Tensor {
  const others = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const order = [...others, ...axes];
  const ordered = tf.transpose(x, order);
  const rows = tf.reshape(ordered, [sizeAlong(x.shape, others), sizeAlong(x.shape, axes)]);
  const products = (row: tf.Tensor): tf.Tensor => tf.cumprod(row, 1, true);
  const product = tf.mul(products(rows), fromTheEnd(rows, 1, products));
  return tf.transpose(tf.reshape(product, ordered.shape), tf.backend_util.getUndoAxesPermutation(order));
}

/** What running along an axis gives from its far end. TensorFlow.js's WebGPU backend errs where it is told to run back. */
function fromTheEnd(x: tf.Tensor, axis: number, run: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
  return tf.reverse(run(tf.reverse(x, axis)), axis);
}
