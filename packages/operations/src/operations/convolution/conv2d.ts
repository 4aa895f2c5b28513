import * as tf from "@tensorflow/tfjs-core";
import type { FusableActivation } from "./fusable-activation.ts";
import { offers } from "../../contract/offers.ts";
import { isRecording } from "../../contract/recording.ts";

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
 * it. A device may offer `GroupedConv2D` for several groups: inputs and attributes as TensorFlow.js's fused convolution,
 * with `groups`; elsewhere each group is convolved by itself.
 * Shape: `[n, h, w, in]` and `[kh, kw, in / groups, out]` to `[n, h', w', out]`.
 */
export function conv2d(
  input: tf.Tensor4D,
  kernel: tf.Tensor4D,
  bias: tf.Tensor1D | null,
  activation: FusableActivation,
  geometry: Conv2DGeometry,
): tf.Tensor4D {
  const kernelName = fusedKernel(input, geometry.groups);
  if (kernelName === undefined || (isRecording() && tf.getGradient(kernelName) === undefined)) {
    const sums = geometry.groups === 1 ? convolve(input, kernel, geometry) : convolveGroups(input, kernel, geometry);
    return activation.apply(bias === null ? sums : tf.add(sums, bias)) as tf.Tensor4D;
  }
  const { fusedName } = activation;
  const isPart = isRecording() ? fusedWhileRecording.has(fusedName) : fusedName !== undefined;
  const output = fusedConv2d(kernelName, input, kernel, bias, isPart ? fusedName : "linear", geometry);
  return isPart ? output : (activation.apply(output) as tf.Tensor4D);
}

/** The activations whose slope the gradient of the fused kernel tells from the output. */
const fusedWhileRecording: ReadonlySet<FusableActivation["fusedName"]> = new Set(["linear", "relu", "relu6"]);

/** The kernel that does all of it, if the device has one. */
function fusedKernel({ dtype }: tf.Tensor, groups: number): string | undefined {
  if (groups === 1) return tf.FusedConv2D;
  return dtype === "float32" && offers("GroupedConv2D") ? "GroupedConv2D" : undefined;
}

function fusedConv2d(
  kernelName: string,
  input: tf.Tensor4D,
  kernel: tf.Tensor4D,
  bias: tf.Tensor1D | null,
  activation: FusableActivation["fusedName"],
  { strides, padding, dilation, groups }: Conv2DGeometry,
): tf.Tensor4D {
  // tf.fused.conv2d takes the kernel apart wherever a gradient is recorded.
  return tf.engine().runKernel(
    kernelName,
    { x: input, filter: kernel, ...(bias !== null && { bias }) },
    {
      strides: [...strides],
      pad: padding,
      dataFormat: "NHWC",
      dilations: [...dilation],
      activation: activation ?? "linear",
      ...(groups > 1 && { groups }),
    },
  );
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
