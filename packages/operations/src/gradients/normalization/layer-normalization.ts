import * as tf from "@tensorflow/tfjs-core";

/**
 * The gradient of rows normalised by their own mean and variance, then scaled and shifted, as one kernel.
 *
 * A device may offer `LayerNorm`: float32 `{ x, scale, offset }`, `[rows, length]` and `[length]` twice, with the
 * attribute `epsilon`, to `(x - mean) / sqrt(variance + epsilon) * scale + offset` and to `[rows]` means and variances;
 * and `LayerNormGrad`: `{ dy, x, scale, mean, variance }` with the same attribute to the gradients towards x, scale and
 * offset.
 */
export const layerNormalizationGradients: readonly tf.GradConfig[] = [
  {
    kernelName: "LayerNorm",
    inputsToSave: ["x", "scale"],
    outputsToSave: [false, true, true],
    gradFunc: (gradients, saved, attributes) => {
      const [dy] = gradients as tf.Tensor[] as [tf.Tensor];
      const [x, scale, mean, variance] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const [towardsX, towardsScale, towardsOffset] = tf
        .engine()
        .runKernel<[tf.Tensor, tf.Tensor, tf.Tensor]>(
          "LayerNormGrad",
          { dy, x, scale, mean, variance },
          { ...attributes },
        );
      return { x: () => towardsX, scale: () => towardsScale, offset: () => towardsOffset };
    },
  },
];
