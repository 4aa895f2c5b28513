import * as tf from "@tensorflow/tfjs-core";

/** Whether the current device has all of these kernels, which are not among TensorFlow.js's own. */
export function offers(...kernelNames: readonly string[]): boolean {
  const device = tf.getBackend();
  return kernelNames.every((name) => tf.getKernel(name, device) !== undefined);
}
