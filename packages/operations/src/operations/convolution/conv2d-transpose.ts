import { dilatedKernelSize } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { FusableActivation } from "./fusable-activation.ts";
import { activate } from "./bias-activation.ts";
import { conv2d } from "./conv2d.ts";

/** How the kernel of the convolution moves whose transpose this is. */
export interface TransposeGeometry {
  readonly strides: readonly [number, number];
  readonly padding: "valid" | "same";
  /** Distance of kernel elements; other than 1 only where the strides are 1. */
  readonly dilation: readonly [number, number];
  /** Height and width of the output: strides leave several that one input may come from. */
  readonly outputLengths: readonly [number, number];
}

/**
 * `activation(transpose(input) + bias)`: what a convolution's gradient does to images, so that each element of the input
 * adds the whole kernel, scaled, to the output.
 *
 * Shape: `[n, h, w, in]` and `[kh, kw, out, in]` to `[n, h', w', out]`.
 */
export function conv2dTranspose(
  input: tf.Tensor4D,
  kernel: tf.Tensor4D,
  bias: tf.Tensor1D | null,
  activation: FusableActivation,
  geometry: TransposeGeometry,
): tf.Tensor4D {
  const { strides, padding, dilation, outputLengths } = geometry;
  if (Math.max(...dilation) > 1) return dilatedTranspose(input, kernel, bias, activation, geometry);
  const shape: [number, number, number, number] = [input.shape[0], ...outputLengths, kernel.shape[2]];
  return activate(tf.conv2dTranspose(input, kernel, shape, [...strides], padding), bias, activation);
}

/** With strides of 1 the transpose is a convolution by the turned kernel, for which devices know gaps. */
function dilatedTranspose(
  input: tf.Tensor4D,
  kernel: tf.Tensor4D,
  bias: tf.Tensor1D | null,
  activation: FusableActivation,
  { padding, dilation }: TransposeGeometry,
): tf.Tensor4D {
  const zeros = ([0, 1] as const).map((axis): [number, number] => {
    const reach = dilatedKernelSize(kernel.shape[axis], dilation[axis]) - 1;
    const cut = padding === "same" ? reach : 0;
    return [reach - Math.floor(cut / 2), reach - Math.ceil(cut / 2)];
  });
  const turned = tf.transpose(tf.reverse(kernel, [0, 1]), [0, 1, 3, 2]);
  const padded = tf.pad(input, [[0, 0], ...zeros, [0, 0]]);
  return conv2d(padded, turned, bias, activation, { strides: [1, 1], padding: "valid", dilation, groups: 1 });
}
