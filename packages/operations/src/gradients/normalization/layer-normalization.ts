import type * as tf from "@tensorflow/tfjs-core";
import { runKernel } from "../../contract/kernel.ts";
import { layerNorm, layerNormGrad } from "../../contract/layer-normalization.ts";
import { contractGradient } from "../kernel-gradient.ts";

/** The gradient of rows normalised by their own mean and variance, then scaled and shifted, as one kernel. */
export const layerNormalizationGradients: readonly tf.GradConfig[] = [
  contractGradient(
    layerNorm,
    ["x", "scale"],
    [false, true, true],
    (dy, { x, scale }, [, mean, variance], attributes) => {
      const inputs = { dy, x, scale, mean, variance };
      const [towardsX, towardsScale, towardsOffset] = runKernel(layerNormGrad, inputs, attributes);
      return { x: () => towardsX, scale: () => towardsScale, offset: () => towardsOffset };
    },
  ),
];
