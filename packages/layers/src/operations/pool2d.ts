import * as tf from "@tensorflow/tfjs-core";

/** How a pooling window moves. */
export interface PoolGeometry {
  readonly size: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: "valid" | "same";
}

/** Largest element of each window: `[n, h, w, c]` to `[n, h', w', c]`. */
export function maxPool2d(input: tf.Tensor4D, { size, strides, padding }: PoolGeometry): tf.Tensor4D {
  return tf.maxPool(input, [...size], [...strides], padding);
}

/** Mean of each window, over its elements inside the image: `[n, h, w, c]` to `[n, h', w', c]`. */
export function averagePool2d(input: tf.Tensor4D, { size, strides, padding }: PoolGeometry): tf.Tensor4D {
  return tf.avgPool(input, [...size], [...strides], padding);
}
