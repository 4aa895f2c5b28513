import * as tf from "@tensorflow/tfjs-core";

/**
 * Whether a gradient is being recorded.
 *
 * tfjs's fused operations compute gradients of inputs that nobody needs, so recorded passes use the plain ones.
 */
export function isRecording(): boolean {
  return tf.engine().state.gradientDepth > 0;
}
