import { convolutionOutputSize, samePadding } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type FusableActivation, linear } from "./fusable-activation.ts";
import { activate } from "./bias-activation.ts";
import { conv2d } from "./conv2d.ts";

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
  activation: FusableActivation,
  geometry: Conv3DGeometry,
): tf.Tensor5D {
  const { groups } = geometry;
  if (groups === 1) return convolvePlanes(input, kernel, bias, activation, geometry);
  const kernels = tf.split(kernel, groups, 4);
  const sums = tf
    .split(input, groups, 4)
    .map((part, index) => convolvePlanes(part as tf.Tensor5D, kernels[index] as tf.Tensor5D, null, linear, geometry));
  const shape = (sums[0] as tf.Tensor5D).shape;
  // By way of four axes: TensorFlow.js's WebGPU backend joins or broadcasts five wrongly.
  const flat = sums.map((part) => tf.reshape<tf.Rank.R4>(part, [shape[0] * shape[1], shape[2], shape[3], shape[4]]));
  const joined = activate(tf.concat(flat, 3), bias, activation);
  return tf.reshape<tf.Rank.R5>(joined, [shape[0], shape[1], shape[2], shape[3], shape[4] * groups]);
}

/**
 * Convolves images of which each has the channels of all planes under the kernel.
 *
 * Every device has a fast convolution of images and its gradients; those of volumes are slow where there are any. The
 * input is copied as often as the kernel is deep.
 */
function convolvePlanes(
  input: tf.Tensor5D,
  kernel: tf.Tensor5D,
  bias: tf.Tensor1D | null,
  activation: FusableActivation,
  geometry: Conv3DGeometry,
): tf.Tensor5D {
  const [kernelDepth, kernelHeight, kernelWidth, channels, filters] = kernel.shape;
  const { strides, padding, dilation } = geometry;
  const newDepth = convolutionOutputSize(input.shape[1], kernelDepth, strides[0], padding, dilation[0]);
  const images = stackPlanes(input, kernelDepth, newDepth, geometry);
  const planes = tf.transpose(kernel, [1, 2, 0, 3, 4]);
  const deep = tf.reshape<tf.Rank.R4>(planes, [kernelHeight, kernelWidth, kernelDepth * channels, filters]);
  const output = conv2d(images, deep, bias, activation, {
    strides: [strides[1], strides[2]],
    padding,
    dilation: [dilation[1], dilation[2]],
    groups: 1,
  });
  const [, height, width] = output.shape;
  return tf.reshape(output, [input.shape[0], newDepth, height, width, filters]);
}

/** `[n, d, h, w, c]` as `[n * newDepth, h, w, kernelDepth * c]`: the planes under each position of the kernel. */
function stackPlanes(
  input: tf.Tensor5D,
  kernelDepth: number,
  newDepth: number,
  { strides: [stride], padding, dilation: [dilation] }: Conv3DGeometry,
): tf.Tensor4D {
  const [batch, depth, height, width, channels] = input.shape;
  const start = padding === "same" ? samePadding(depth, kernelDepth, stride, dilation).start : 0;
  const plane = height * width * channels;
  // Long enough that every tap finds whole steps.
  const needed = (kernelDepth - 1) * dilation + newDepth * stride;
  const padded = tf.pad(tf.reshape(input, [batch, depth, plane]), [
    [0, 0],
    [start, Math.max(0, needed - start - depth)],
    [0, 0],
  ]);
  const taps = Array.from({ length: kernelDepth }, (_, tap) => {
    const steps = tf.slice(padded, [0, tap * dilation, 0], [batch, newDepth * stride, plane]);
    const planes = tf.slice(tf.reshape(steps, [batch * newDepth, stride, plane]), [0, 0, 0], [-1, 1, plane]);
    return tf.reshape(planes, [batch * newDepth * height * width, channels]);
  });
  return tf.reshape(tf.concat(taps, 1), [batch * newDepth, height, width, kernelDepth * channels]);
}
