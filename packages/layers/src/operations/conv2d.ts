import * as tf from "@tensorflow/tfjs-core";
import type { Activation } from "../activations.ts";
import { isRecording } from "./recording.ts";

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
 * Shape: `[n, h, w, in]` and `[kh, kw, in / groups, out]` to `[n, h', w', out]`.
 * Every convolution of the layers goes through here; a device's own fused kernel belongs here too.
 */
export function conv2d(
  input: tf.Tensor4D,
  kernel: tf.Tensor4D,
  bias: tf.Tensor1D | null,
  activation: Activation,
  geometry: Conv2DGeometry,
): tf.Tensor4D {
  const { strides, padding, dilation, groups } = geometry;
  if (groups === 1 && activation.fusedName !== undefined && !isRecording()) {
    return tf.fused.conv2d({
      x: input,
      filter: kernel,
      strides: [...strides],
      pad: padding,
      dilations: [...dilation],
      activation: activation.fusedName,
      ...(bias !== null && { bias }),
    });
  }
  const sums = groups === 1 ? convolve(input, kernel, geometry) : convolveGroups(input, kernel, geometry);
  return activation.apply(bias === null ? sums : tf.add(sums, bias)) as tf.Tensor4D;
}

function convolve(input: tf.Tensor4D, kernel: tf.Tensor4D, { strides, padding, dilation }: Conv2DGeometry): tf.Tensor4D {
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
