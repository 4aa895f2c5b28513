import * as tf from "@tensorflow/tfjs-core";

/** Shape: `[batch, height, width, 3 or 1]` to `[batch, height, width, 1]`. Source: Keras `rgb_to_grayscale`. */
export function grayscale(images: tf.Tensor): tf.Tensor {
  if (images.shape.at(-1) === 1) return images;
  return tf.sum(tf.mul(images, tf.tensor1d([0.2989, 0.587, 0.114])), -1, true);
}
