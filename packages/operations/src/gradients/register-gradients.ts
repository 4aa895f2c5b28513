import { type GradConfig, getGradient, registerGradient } from "@tensorflow/tfjs-core";
import { activationGradients } from "./elementwise/activations.ts";
import { arithmeticGradients } from "./elementwise/arithmetic.ts";
import { constantGradients } from "./elementwise/constant.ts";
import { convolution3dGradients } from "./convolution/convolution-3d.ts";
import { convolutionGradients } from "./convolution/convolution.ts";
import { elementaryGradients } from "./elementwise/elementary.ts";
import { fusedConvolutionGradients } from "./convolution/fused-convolution.ts";
import { fusedPooledConvolutionGradients } from "./convolution/fused-pooled-convolution.ts";
import { groupedConvolutionGradients } from "./convolution/grouped-convolution.ts";
import { joiningGradients } from "./movement/joining.ts";
import { layerNormalizationGradients } from "./normalization/layer-normalization.ts";
import { matrixProductGradients } from "./matrix/matrix-product.ts";
import { normalizationGradients } from "./normalization/normalization.ts";
import { notedPoolingGradients } from "./pooling/noted-pooling.ts";
import { poolingGradients } from "./pooling/pooling.ts";
import { reductionGradients } from "./reduction/reductions.ts";
import { resizingGradients } from "./movement/resizing.ts";
import { selectionGradients } from "./movement/selection.ts";
import { shapingGradients } from "./movement/shaping.ts";

const gradients: readonly GradConfig[] = [
  ...activationGradients,
  ...arithmeticGradients,
  ...constantGradients,
  ...convolutionGradients,
  ...convolution3dGradients,
  ...elementaryGradients,
  ...fusedConvolutionGradients,
  ...fusedPooledConvolutionGradients,
  ...groupedConvolutionGradients,
  ...joiningGradients,
  ...layerNormalizationGradients,
  ...matrixProductGradients,
  ...normalizationGradients,
  ...notedPoolingGradients,
  ...poolingGradients,
  ...reductionGradients,
  ...resizingGradients,
  ...selectionGradients,
  ...shapingGradients,
];

/**
 * Makes TensorFlow.js's operations differentiable, on every backend.
 *
 * `@tensorflow/tfjs-core` computes, but brings no gradients to Node. These cover every kernel that TensorFlow.js has
 * one for, and where its own are wrong, or stop at dilation or at broadcast batches, these are not and do not.
 *
 * Call it before `grad`, `variableGrads` and their like; a Trainer does. Calling it again costs next to nothing, and
 * puts these back where another package, such as `@tensorflow/tfjs-node`, has registered its own since.
 */
export function registerGradients(): void {
  for (const gradient of gradients) {
    if (getGradient(gradient.kernelName) !== gradient) registerGradient(gradient);
  }
}
