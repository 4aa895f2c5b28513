import * as tf from "@tensorflow/tfjs-core";

/** Mean of each channel: over the given axes. */
export function globalAveragePool(input: tf.Tensor, axes: readonly number[], keepDims: boolean): tf.Tensor {
  return tf.mean(input, [...axes], keepDims);
}

/**
 * Largest element of each channel: over the given axes.
 *
 * Where several elements are largest they share the gradient equally, as in TensorFlow; that of `tf.max` gives each
 * the whole.
 */
export function globalMaxPool(input: tf.Tensor, axes: readonly number[], keepDims: boolean): tf.Tensor {
  const largest = tf.customGrad((...args) => {
    const [images, save] = args as [tf.Tensor, tf.GradSaveFunc];
    const kept = tf.max(images, [...axes], true);
    save([images, kept]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
      const [savedImages, savedKept] = saved as [tf.Tensor, tf.Tensor];
      const isLargest = tf.cast(tf.equal(savedImages, savedKept), "float32");
      const share = tf.div(tf.reshape(dy, savedKept.shape), tf.sum(isLargest, [...axes], true));
      return tf.mul(isLargest, share);
    };
    return { value: keepDims ? kept : tf.squeeze(kept, [...axes]), gradFunc };
  });
  return largest(input);
}
