import { Model } from "@featuremap/layers";
import * as tf from "@tensorflow/tfjs-core";

/**
 * What a classifier's outputs say as probabilities, one for each label.
 *
 * Softmax outputs are that already; logits get the softmax. One output tells two classes apart: `p` is the second's
 * probability and `1 - p` the first's, after a sigmoid where the model ends without one.
 *
 * @param outputs `[batch, outputs]`; not disposed
 * @returns `[batch, labels]`
 */
export function toProbabilities(model: Model, outputs: tf.Tensor): tf.Tensor2D {
  return tf.tidy(() => {
    const flat = tf.reshape<tf.Rank.R2>(outputs, [outputs.shape[0] ?? 0, -1]);
    const activation = finalActivation(model);
    if (flat.shape[1] === 1) {
      const second = activation === "sigmoid" ? flat : tf.sigmoid(flat);
      return tf.concat([tf.sub<tf.Tensor2D>(1, second), second], 1);
    }
    return activation === "softmax" ? tf.clone(flat) : tf.softmax(flat);
  });
}

/** Name of the function that made the outputs: the last layer's own, an Activation layer's, or a nested model's. */
function finalActivation(model: Model): unknown {
  const { layer } = model.output;
  return layer instanceof Model ? finalActivation(layer) : layer.getConfig()["activation"];
}
