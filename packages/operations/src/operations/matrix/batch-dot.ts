import * as tf from "@tensorflow/tfjs-core";

/**
 * For each entry of the batch, products of two arrays summed over one axis of either.
 *
 * Shape: `[batch, ...a]` and `[batch, ...b]` to `[batch, ...a without its axis, ...b without its axis]`, or `[batch, 1]`
 * where nothing is left. Source: Keras `batch_dot`.
 *
 * @param axes the axis of each, counted from the batch axis, which is neither
 */
export function batchDot(a: tf.Tensor, b: tf.Tensor, axes: readonly [number, number]): tf.Tensor {
  const [left, right] = [rowsOf(a, axes[0]), rowsOf(b, axes[1])];
  const rest = [...left.rest, ...right.rest];
  const products = tf.matMul(left.rows, right.rows, false, true);
  return tf.reshape(products, [a.shape[0] ?? 1, ...(rest.length === 0 ? [1] : rest)]);
}

/** `[batch, rows, length]`, the given axis last and all others in one. */
function rowsOf(tensor: tf.Tensor, axis: number): { readonly rows: tf.Tensor; readonly rest: readonly number[] } {
  const others = tensor.shape.map((_, index) => index).filter((index) => index !== axis && index !== 0);
  const turned = axis === tensor.rank - 1 ? tensor : tf.transpose(tensor, [0, ...others, axis]);
  const rest = others.map((index) => tensor.shape[index] ?? 1);
  const size = rest.reduce((product, length) => product * length, 1);
  return { rows: tf.reshape(turned, [tensor.shape[0] ?? 1, size, tensor.shape[axis] ?? 1]), rest };
}
