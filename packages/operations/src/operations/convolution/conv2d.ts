import * as tf from "@tensorflow/tfjs-core";
import type { FusableActivation } from "./fusable-activation.ts";
import { type PartActivation, isStraight } from "../../contract/activations.ts";
import { type GroupedConvolutionAttributes, groupedConv2D } from "../../contract/grouped-convolution.ts";
import { offers, runKernel } from "../../contract/kernel.ts";
import { isRecording } from "../../contract/recording.ts";
import { type FusedConv2DInputs, fusedConv2D } from "../../contract/tensorflow.ts";

/** How the kernel moves. */
export interface Conv2DGeometry {
  readonly strides: readonly [number, number];
  readonly padding: "valid" | "same";
  /** Distance of kernel elements; other than 1 only where the strides are 1. */
  readonly dilation: readonly [number, number];
  /** Into how many equal parts the channels fall; each part sees only its own. */
  readonly groups: number;
}

/**
 * `activation(input * kernel + bias)`, with `*` cross-correlation over NHWC images.
 *
 * One kernel, also while a gradient is recorded: `registerGradients` knows that kernel's. Most activations are a part of
 * it. Several groups are convolved by the device's own kernel, or each by itself where it has none.
 * Shape: `[n, h, w, in]` and `[kh, kw, in / groups, out]` to `[n, h', w', out]`.
 */
export function conv2d(
  input: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D | null,
  activation: FusableActivation,
  geometry: Conv2DGeometry,
): tf.Tensor4D {
  if (!isOneKernel(input, geometry.groups)) {
    const sums = geometry.groups === 1 ? convolve(input, filter, geometry) : convolveGroups(input, filter, geometry);
    return activation.apply(bias === null ? sums : tf.add(sums, bias)) as tf.Tensor4D;
  }
  const { fusedName } = activation;
  // The kernel's gradient tells the slope from the output.
  const isPart = isRecording() ? isStraight(fusedName) : fusedName !== undefined;
  const inputs = { x: input, filter, ...(bias !== null && { bias }) };
  const output = runFused(inputs, isPart ? fusedName : "linear", geometry);
  return isPart ? output : (activation.apply(output) as tf.Tensor4D);
}

/** Whether the device has a kernel that does all of it, and a gradient, if wanted, is registered. */
function isOneKernel({ dtype }: tf.Tensor, groups: number): boolean {
  const kernel = groups === 1 ? fusedConv2D : groupedConv2D;
  const offered = groups === 1 || (dtype === "float32" && offers(groupedConv2D));
  return offered && (!isRecording() || tf.getGradient(kernel.name) !== undefined);
}

function runFused(
  inputs: FusedConv2DInputs,
  activation: PartActivation = "linear",
  { strides, padding, dilation, groups }: Conv2DGeometry,
): tf.Tensor4D {
  const attributes: Omit<GroupedConvolutionAttributes, "groups"> = {
    strides: [...strides],
    pad: padding,
    dataFormat: "NHWC",
    dilations: [...dilation],
    activation,
  };
  // tf.fused.conv2d takes the kernel apart wherever a gradient is recorded.
  return groups === 1
    ? runKernel(fusedConv2D, inputs, attributes)
    : runKernel(groupedConv2D, inputs, { ...attributes, groups });
}

function convolve(
  input: tf.Tensor4D,
  kernel: tf.Tensor4D,
  { strides, padding, dilation }: Conv2DGeometry,
): tf.Tensor4D {
  return tf.conv2d(input, kernel, [...strides], padding, "NHWC", [...dilation]);
}

function convolveGroups(input: tf.Tensor4D, kernel: tf.Tensor4D, geometry: Conv2DGeometry): tf.Tensor4D {
  const inputs = tf.split(input, geometry.groups, 3);
  const kernels = tf.split(kernel, geometry.groups, 3);
  return tf.concat(
    inputs.map((part, index) => convolve(part as tf.Tensor4D, kernels[index] as tf.Tensor4D, geometry)),
    3,
  );
}
