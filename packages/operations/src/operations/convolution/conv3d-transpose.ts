import { samePadding } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type FusableActivation, linear } from "./fusable-activation.ts";
import { activate } from "./bias-activation.ts";
import { conv2dTranspose } from "./conv2d-transpose.ts";

type Three = readonly [number, number, number];

/** How the kernel of the convolution moves whose transpose this is. */
export interface Transpose3DGeometry {
  readonly strides: Three;
  readonly padding: "valid" | "same";
  /** Distance of kernel elements; other than 1 only where the strides are 1. */
  readonly dilation: Three;
  /** Depth, height and width of the output. */
  readonly outputLengths: Three;
}

/**
 * `activation(transpose(input) + bias)` over volumes: `conv2dTranspose` of each plane by each plane of the kernel, and sums of
 * those that fall on the same plane of the output.
 *
 * Shape: `[n, d, h, w, in]` and `[kd, kh, kw, out, in]` to `[n, d', h', w', out]`.
 */
export function conv3dTranspose(
  input: tf.Tensor5D,
  kernel: tf.Tensor5D,
  bias: tf.Tensor1D | null,
  activation: FusableActivation,
  { strides, padding, dilation, outputLengths }: Transpose3DGeometry,
): tf.Tensor5D {
  const [batch, depth, height, width, channels] = input.shape;
  const [kernelDepth, kernelHeight, kernelWidth, filters] = kernel.shape;
  const [newDepth, newHeight, newWidth] = outputLengths;
  // All planes of the kernel at once, as filters of one of images.
  const planes = tf.transpose(kernel, [1, 2, 0, 3, 4]);
  const spread = conv2dTranspose(
    tf.reshape<tf.Rank.R4>(input, [batch * depth, height, width, channels]),
    tf.reshape<tf.Rank.R4>(planes, [kernelHeight, kernelWidth, kernelDepth * filters, channels]),
    null,
    linear,
    {
      strides: [strides[1], strides[2]],
      padding,
      dilation: [dilation[1], dilation[2]],
      outputLengths: [newHeight, newWidth],
    },
  );
  const pixels = newHeight * newWidth;
  const byTap = tf.transpose(tf.reshape(spread, [batch, depth, pixels, kernelDepth, filters]), [3, 0, 1, 2, 4]);
  const taps = tf.reshape(byTap, [kernelDepth, batch * depth, pixels * filters]);
  const start = padding === "same" ? samePadding(newDepth, kernelDepth, strides[0], dilation[0]).start : 0;
  const sums = Array.from({ length: kernelDepth }, (_, tap) => {
    const one = tf.slice(taps, [tap, 0, 0], [1, -1, -1]);
    return atDepths(tf.reshape(one, [batch, depth, pixels * filters]), strides[0], tap * dilation[0] - start, newDepth);
  }).reduce((sum, term) => tf.add(sum, term));
  const images = activate(
    tf.reshape<tf.Rank.R4>(sums, [batch * newDepth, newHeight, newWidth, filters]),
    bias,
    activation,
  );
  return tf.reshape(images, [batch, newDepth, newHeight, newWidth, filters]);
}

/** Puts plane `i` of `[n, d, p]` at `i * stride + offset` of `[n, length, p]`; zeros lie between, and what falls outside is lost. */
function atDepths(planes: tf.Tensor3D, stride: number, offset: number, length: number): tf.Tensor3D {
  const [batch, depth, size] = planes.shape;
  const apart = tf.pad(tf.reshape(planes, [batch * depth, 1, size]), [
    [0, 0],
    [0, stride - 1],
    [0, 0],
  ]);
  const before = Math.max(0, offset);
  const padded = tf.pad(tf.reshape(apart, [batch, depth * stride, size]), [
    [0, 0],
    [before, Math.max(0, length + Math.max(0, -offset) - before - depth * stride)],
    [0, 0],
  ]);
  return tf.slice<tf.Rank.R3, tf.Tensor3D>(padded as tf.Tensor3D, [0, Math.max(0, -offset), 0], [batch, length, size]);
}
