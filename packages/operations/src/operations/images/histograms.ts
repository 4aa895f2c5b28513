import * as tf from "@tensorflow/tfjs-core";

/**
 * How often each of `size` values is among the pixels of each group.
 *
 * Shape: `[groups, size]`, float32.
 *
 * @param places `group * size + value` of each pixel, integers in any shape
 */
export function countValues(places: tf.Tensor, groups: number, size: number): tf.Tensor {
  const flat: tf.Tensor1D = tf.reshape(places, [places.size]);
  return tf.reshape(tf.denseBincount(flat, tf.tensor1d([]), groups * size), [groups, size]);
}

/** What stands in a table at each place; the shape is that of the places. */
export function lookUp(table: tf.Tensor, places: tf.Tensor): tf.Tensor {
  return tf.gather(tf.reshape(table, [table.size]), places);
}

/** Integers `0, step, 2 step ...` along one axis of `[batch, height, width, channels]`, of length 1 along the others. */
export function steps(length: number, step: number, axis: 0 | 1 | 2 | 3): tf.Tensor {
  const shape = [1, 1, 1, 1];
  shape[axis] = length;
  return tf.tensor(
    Int32Array.from({ length }, (_, index) => index * step),
    shape,
    "int32",
  );
}
