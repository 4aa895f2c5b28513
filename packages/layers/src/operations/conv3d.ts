import * as tf from "@tensorflow/tfjs-core";
import type { Activation } from "../activations.ts";
import { activate } from "./bias-activation.ts";

type Three = readonly [number, number, number];

/** How the kernel moves. */
export interface Conv3DGeometry {
  readonly strides: Three;
  readonly padding: "valid" | "same";
  /** Distance of kernel elements; other than 1 only where the strides are 1. */
  readonly dilation: Three;
  /** Into how many equal parts the channels fall; each part sees only its own. */
  readonly groups: number;
}

/**
 * `activation(input * kernel + bias)`, with `*` cross-correlation over volumes whose channels are last.
 *
 * Shape: `[n, d, h, w, in]` and `[kd, kh, kw, in / groups, out]` to `[n, d', h', w', out]`.
 */
export function conv3d(
  input: tf.Tensor5D,
  kernel: tf.Tensor5D,
  bias: tf.Tensor1D | null,
  activation: Activation,
  geometry: Conv3DGeometry,
): tf.Tensor5D {
  const { groups } = geometry;
  if (groups === 1) return activate(convolve(input, kernel, geometry), bias, activation);
  const kernels = tf.split(kernel, groups, 4);
  const parts = tf.split(input, groups, 4);
  const sums = parts.map((part, index) => convolve(part as tf.Tensor5D, kernels[index] as tf.Tensor5D, geometry));
  return activate(tf.concat(sums, 4), bias, activation);
}

function convolve(
  input: tf.Tensor5D,
  kernel: tf.Tensor5D,
  { strides, padding, dilation }: Conv3DGeometry,
): tf.Tensor5D {
  return tf.conv3d(input, kernel, [...strides], padding, "NDHWC", [...dilation]);
}
