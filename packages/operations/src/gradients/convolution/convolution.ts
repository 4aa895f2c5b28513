import { InvalidConfigError } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { offers } from "../../contract/offers.ts";
import { isRecording } from "../../contract/recording.ts";
import { dilatedGradients, isDilated } from "./dilated-convolution.ts";
import { type InputGradients, kernelGradient, runKernel } from "../kernel-gradient.ts";

/** Two-dimensional convolutions and their transposes. */
export const convolutionGradients: readonly tf.GradConfig[] = [
  kernelGradient(tf.Conv2D, ["x", "filter"], (dy, { x, filter }, attributes: tf.Conv2DAttrs) =>
    conv2dGradient(dy, x, filter, attributes),
  ),
  // The kernel of conv2dTranspose: its output is an image's gradient, so roles change places.
  kernelGradient(
    tf.Conv2DBackpropInput,
    ["dy", "filter"],
    (ddx, { dy, filter }, attributes: tf.Conv2DBackpropInputAttrs) => {
      const { strides, pad, dataFormat, dimRoundingMode } = attributes;
      const plain = { strides, pad, dataFormat, dimRoundingMode };
      return {
        dy: () => runKernel(tf.Conv2D, { x: ddx, filter }, { ...plain, dilations: 1 }),
        filter: () => filterGradient(ddx, dy, filter.shape, plain),
      };
    },
  ),
  kernelGradient(
    tf.Conv2DBackpropFilter,
    ["x", "dy"],
    (filter, { x, dy }, attributes: tf.Conv2DBackpropFilterAttrs) => {
      const { strides, pad, dataFormat, dimRoundingMode } = attributes;
      const plain = { strides, pad, dataFormat, dimRoundingMode };
      return {
        x: () => inputGradient(dy, filter, x.shape, plain),
        dy: () => runKernel(tf.Conv2D, { x, filter }, { ...plain, dilations: 1 }),
      };
    },
  ),
  kernelGradient(
    tf.DepthwiseConv2dNative,
    ["x", "filter"],
    (dy, { x, filter }, attributes: tf.DepthwiseConv2dNativeAttrs): InputGradients => {
      const { strides, pad, dimRoundingMode, dataFormat } = attributes;
      if (dataFormat === "NCHW") {
        throw new InvalidConfigError("DepthwiseConv2dNative", "dataFormat", '"NHWC" to be trained', dataFormat);
      }
      const [inputOf, filterOf] = [depthwiseInputGradient, depthwiseFilterGradient];
      // TensorFlow.js's operation leaves dilations out where they are 1.
      if (isDilated(attributes.dilations ?? 1)) {
        return dilatedGradients("DepthwiseConv2dNative", { x, filter, dy, attributes, inputOf, filterOf });
      }
      const plain = { strides, pad, dimRoundingMode };
      return {
        x: () => inputOf(dy, filter, x.shape, plain),
        filter: () => filterOf(x, dy, filter.shape, plain),
      };
    },
  ),
];

/** Kernels of devices that train fused convolutions; `fused-convolution.ts` states what they take. */
const FUSED_GRADIENTS = ["FusedConv2DBackpropInput", "FusedConv2DBackpropFilter"] as const;

/** The gradient of `conv2d(x, filter)`. */
export function conv2dGradient(
  dy: tf.Tensor,
  x: tf.Tensor,
  filter: tf.Tensor,
  attributes: tf.Conv2DAttrs,
): { readonly x: () => tf.Tensor; readonly filter: () => tf.Tensor } {
  const { strides, pad, dataFormat, dimRoundingMode } = attributes;
  const [inputOf, filterOf] = [inputGradient, filterGradient];
  if (isDilated(attributes.dilations) && !isRecording() && offers(...FUSED_GRADIENTS)) {
    // These take dilation into account; without an activation, dy stands for the output, which they do not look at.
    const linear = { ...attributes, activation: "linear" };
    const [towardsInput, towardsFilter] = FUSED_GRADIENTS;
    return {
      x: () => runKernel(towardsInput, { dy, y: dy, filter }, { ...linear, inputShape: x.shape }),
      filter: () => {
        const [gradient, biasGradient] = tf
          .engine()
          .runKernel<[tf.Tensor, tf.Tensor]>(towardsFilter, { x, dy, y: dy }, { ...linear, filterShape: filter.shape });
        biasGradient.dispose();
        return gradient;
      },
    };
  }
  if (isDilated(attributes.dilations))
    return dilatedGradients("Conv2D", { x, filter, dy, attributes, inputOf, filterOf });
  const plain = { strides, pad, dataFormat, dimRoundingMode };
  return {
    x: () => inputOf(dy, filter, x.shape, plain),
    filter: () => filterOf(x, dy, filter.shape, plain),
  };
}

function inputGradient(dy: tf.Tensor, filter: tf.Tensor, inputShape: number[], attributes: object): tf.Tensor {
  return runKernel(tf.Conv2DBackpropInput, { dy, filter }, { dataFormat: "NHWC", ...attributes, inputShape });
}

function filterGradient(x: tf.Tensor, dy: tf.Tensor, filterShape: number[], attributes: object): tf.Tensor {
  return runKernel(tf.Conv2DBackpropFilter, { x, dy }, { dataFormat: "NHWC", ...attributes, filterShape });
}

function depthwiseInputGradient(dy: tf.Tensor, filter: tf.Tensor, inputShape: number[], attributes: object): tf.Tensor {
  const inputs = { dy, filter };
  return runKernel(tf.DepthwiseConv2dNativeBackpropInput, inputs, { ...attributes, dilations: [1, 1], inputShape });
}

function depthwiseFilterGradient(x: tf.Tensor, dy: tf.Tensor, filterShape: number[], attributes: object): tf.Tensor {
  const inputs = { x, dy };
  return runKernel(tf.DepthwiseConv2dNativeBackpropFilter, inputs, { ...attributes, dilations: [1, 1], filterShape });
}
