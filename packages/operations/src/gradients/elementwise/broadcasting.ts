import { sizeOf } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";

/**
 * Undoes broadcasting: sums over the axes along which a tensor of `shape` was repeated to reach the shape of `dy`.
 *
 * An element that was used several times gets the sum of what its copies get.
 */
export function sumTo(shape: readonly number[], dy: tf.Tensor): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes([...shape], dy.shape);
  if (axes.length === 0) return reshapeTo(shape, dy);
  const onlyLeading = axes.every((axis, index) => axis === index);
  if (!onlyLeading) return tf.reshape(tf.sum(dy, axes), [...shape]);
  // A bias's gradient: one axis to sum over is what backends do fastest.
  const length = sizeOf(dy.shape.slice(axes.length));
  return tf.reshape(tf.sum(tf.reshape(dy, [sizeOf(dy.shape.slice(0, axes.length)), length]), 0), [...shape]);
}

/** `dy` with the axes that a reduction removed put back as ones, so that it broadcasts against the reduced tensor. */
export function withReducedAxes(dy: tf.Tensor, shape: readonly number[], axes: readonly number[]): tf.Tensor {
  return reshapeTo(
    shape.map((length, axis) => (axes.includes(axis) ? 1 : length)),
    dy,
  );
}

/** `reshape`, or the tensor itself where it has the shape already. */
export function reshapeTo(shape: readonly number[], x: tf.Tensor): tf.Tensor {
  return tf.util.arraysEqual(x.shape, [...shape]) ? x : tf.reshape(x, [...shape]);
}
