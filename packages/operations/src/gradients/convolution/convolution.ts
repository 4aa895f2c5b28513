import { InvalidConfigError } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { fusedConv2DBackpropFilter, fusedConv2DBackpropInput } from "../../contract/fused-convolution.ts";
import { offers, runKernel } from "../../contract/kernel.ts";
import { isRecording } from "../../contract/recording.ts";
import {
  type PlainConvolution,
  conv2DBackpropFilter,
  conv2DBackpropInput,
  convolve,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
} from "../../contract/tensorflow.ts";
import { dilatedGradients, isDilated } from "./dilated-convolution.ts";
import { type InputGradients, kernelGradient } from "../kernel-gradient.ts";

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
        dy: () => runKernel(convolve, { x: ddx, filter }, { ...plain, dilations: 1 }),
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
        dy: () => runKernel(convolve, { x, filter }, { ...plain, dilations: 1 }),
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

/** Images are channels last unless it says otherwise. */
type Plain = PlainConvolution & Partial<Pick<tf.Conv2DAttrs, "dataFormat">>;

/** The gradient of `conv2d(x, filter)`. */
export function conv2dGradient(
  dy: tf.Tensor,
  x: tf.Tensor,
  filter: tf.Tensor,
  attributes: tf.Conv2DAttrs,
): { readonly x: () => tf.Tensor; readonly filter: () => tf.Tensor } {
  const { strides, pad, dataFormat, dimRoundingMode } = attributes;
  const [inputOf, filterOf] = [inputGradient, filterGradient];
  if (
    isDilated(attributes.dilations) &&
    !isRecording() &&
    offers(fusedConv2DBackpropInput, fusedConv2DBackpropFilter)
  ) {
    // These take dilation into account; without an activation, dy stands for the output, which they do not look at.
    const linear = { ...attributes, activation: "linear" } as const;
    return {
      x: () => runKernel(fusedConv2DBackpropInput, { dy, y: dy, filter }, { ...linear, inputShape: x.shape }),
      filter: () => {
        const inputs = { x, dy, y: dy };
        const [gradient, biasGradient] = runKernel(fusedConv2DBackpropFilter, inputs, {
          ...linear,
          filterShape: filter.shape,
        });
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

function inputGradient(dy: tf.Tensor, filter: tf.Tensor, inputShape: number[], attributes: Plain): tf.Tensor {
  return runKernel(conv2DBackpropInput, { dy, filter }, { dataFormat: "NHWC", ...attributes, inputShape });
}

function filterGradient(x: tf.Tensor, dy: tf.Tensor, filterShape: number[], attributes: Plain): tf.Tensor {
  return runKernel(conv2DBackpropFilter, { x, dy }, { dataFormat: "NHWC", ...attributes, filterShape });
}

function depthwiseInputGradient(dy: tf.Tensor, filter: tf.Tensor, inputShape: number[], attributes: Plain): tf.Tensor {
  const inputs = { dy, filter };
  return runKernel(depthwiseBackpropInput, inputs, { ...attributes, dilations: [1, 1], inputShape });
}

function depthwiseFilterGradient(x: tf.Tensor, dy: tf.Tensor, filterShape: number[], attributes: Plain): tf.Tensor {
  const inputs = { x, dy };
  return runKernel(depthwiseBackpropFilter, inputs, { ...attributes, dilations: [1, 1], filterShape });
}
