import { samePadding } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { FusableActivation } from "./fusable-activation.ts";
import { activate } from "./bias-activation.ts";
import { isRecording } from "../../contract/recording.ts";

/** How the kernel moves. */
export interface DepthwiseGeometry {
  readonly strides: readonly [number, number];
  readonly padding: "valid" | "same";
  readonly dilation: readonly [number, number];
}

/**
 * `activation(input * kernel + bias)`, with `*` cross-correlation of each channel by itself over NHWC images.
 *
 * Shape: `[n, h, w, c]` and `[kh, kw, c, multiplier]` to `[n, h', w', c * multiplier]`.
 */
export function depthwiseConv2d(
  input: tf.Tensor4D,
  kernel: tf.Tensor4D,
  bias: tf.Tensor1D | null,
  activation: FusableActivation,
  geometry: DepthwiseGeometry,
): tf.Tensor4D {
  const { strides, padding, dilation } = geometry;
  if (Math.max(...strides) > 1 && Math.max(...dilation) > 1) {
    return activate(strideOverDilated(input, kernel, geometry), bias, activation);
  }
  const options = { strides: copy(strides), pad: padding, dataFormat: "NHWC" as const, dilations: copy(dilation) };
  if (isRecording()) {
    const { pad, dataFormat, dilations } = options;
    return activate(tf.depthwiseConv2d(input, kernel, options.strides, pad, dataFormat, dilations), bias, activation);
  }
  const fused = activation.fusedName ?? "linear";
  const sums = { x: input, filter: kernel, ...options, activation: fused, ...(bias !== null && { bias }) };
  const output = tf.fused.depthwiseConv2d(sums);
  return activation.fusedName === undefined ? (activation.apply(output) as tf.Tensor4D) : output;
}

/** No device's kernel has gaps and takes steps at once; so each step of one with gaps alone, and those of interest. */
function strideOverDilated(
  input: tf.Tensor4D,
  kernel: tf.Tensor4D,
  { strides, padding, dilation }: DepthwiseGeometry,
): tf.Tensor4D {
  const zeros = ([1, 2] as const).map((axis): [number, number] => {
    if (padding === "valid") return [0, 0];
    const [length, size] = [input.shape[axis], kernel.shape[axis - 1] ?? 1];
    const { start, end } = samePadding(length, size, strides[axis - 1], dilation[axis - 1]);
    return [start, end];
  });
  const padded = padding === "valid" ? input : tf.pad(input, [[0, 0], ...zeros, [0, 0]]);
  const all = tf.depthwiseConv2d(padded, kernel, 1, "valid", "NHWC", copy(dilation));
  return everyNth(everyNth(all, 1, strides[0]), 2, strides[1]);
}

/** Elements 0, n, 2n ... along one axis of rank 4: strided slices have no gradient, these have. */
function everyNth(images: tf.Tensor4D, axis: 1 | 2, step: number): tf.Tensor4D {
  if (step === 1) return images;
  const length = images.shape[axis];
  const kept = Math.ceil(length / step);
  const paddings = images.shape.map((_, index): [number, number] => [0, index === axis ? kept * step - length : 0]);
  const before = images.shape.slice(0, axis).reduce((product, size) => product * size, 1);
  const after = images.shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const steps = tf.reshape(tf.pad(images, paddings), [before * kept, step, after]);
  const first = tf.slice(steps, [0, 0, 0], [before * kept, 1, after]);
  const shape = images.shape.map((size, index) => (index === axis ? kept : size));
  return tf.reshape(first, shape as [number, number, number, number]);
}

function copy([first, second]: readonly [number, number]): [number, number] {
  return [first, second];
}
