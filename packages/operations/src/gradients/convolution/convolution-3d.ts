import { InvalidConfigError, dilatedKernelSize, sizeOf } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { isDilated } from "./dilated-convolution.ts";
import { runKernel } from "../../contract/kernel.ts";
import { conv3DBackpropFilter, conv3DBackpropInput } from "../../contract/tensorflow.ts";
import { kernelGradient } from "../kernel-gradient.ts";

/**
 * Three-dimensional convolution.
 *
 * With dilation, the gradients are those of the filter with zeros in its gaps, which every backend can compute: more
 * multiplications than needed, but volumes cannot be taken apart as images are, for want of kernels of rank 8.
 */
export const convolution3dGradients: readonly tf.GradConfig[] = [
  kernelGradient(tf.Conv3D, ["x", "filter"], (dy, { x, filter }, attributes: tf.Conv3DAttrs) => {
    const { strides, pad } = attributes;
    const dilations = threeOf(attributes.dilations);
    if (isDilated(dilations) && isDilated(strides)) {
      throw new InvalidConfigError("Conv3D", "strides", "1 if the dilation is not 1", strides);
    }
    return {
      x: () => {
        const inputs = { dy, filter: insertGaps(filter, dilations) };
        return runKernel(conv3DBackpropInput, inputs, { strides, pad, inputShape: x.shape });
      },
      filter: () => {
        const filterShape = dilatedShape(filter.shape, dilations);
        const gradient = runKernel(conv3DBackpropFilter, { x, dy }, { strides, pad, filterShape });
        return removeGaps(gradient, filter.shape, dilations);
      },
    };
  }),
];

function threeOf(dilations: number | [number, number, number]): number[] {
  return typeof dilations === "number" ? [dilations, dilations, dilations] : dilations;
}

function dilatedShape(shape: number[], dilations: number[]): number[] {
  return shape.map((length, axis) => dilatedKernelSize(length, dilations[axis] ?? 1));
}

/** Puts `dilation - 1` zeros between the elements, along each axis. */
function insertGaps(filter: tf.Tensor, dilations: number[]): tf.Tensor {
  return dilations.reduce((wide, dilation, axis) => {
    if (dilation === 1) return wide;
    const { before, length, after } = around(wide.shape, axis);
    const gap: [number, number][] = [
      [0, 0],
      [0, 0],
      [0, (dilation - 1) * sizeOf(after)],
    ];
    const spread = tf.pad(tf.reshape(wide, [sizeOf(before), length, sizeOf(after)]), gap);
    const rows = tf.reshape(spread, [sizeOf(before), length * dilation, sizeOf(after)]);
    const covered = dilatedKernelSize(length, dilation);
    return tf.reshape(tf.slice(rows, [0, 0, 0], [sizeOf(before), covered, sizeOf(after)]), [
      ...before,
      covered,
      ...after,
    ]);
  }, filter);
}

/** Every `dilation`-th element along each axis: the transpose of {@link insertGaps}. */
function removeGaps(wide: tf.Tensor, shape: number[], dilations: number[]): tf.Tensor {
  return dilations.reduce((narrow, dilation, axis) => {
    if (dilation === 1) return narrow;
    const { before, length: covered, after } = around(narrow.shape, axis);
    const length = shape[axis] ?? 1;
    const whole: [number, number][] = [
      [0, 0],
      [0, length * dilation - covered],
      [0, 0],
    ];
    const rows = tf.pad(tf.reshape(narrow, [sizeOf(before), covered, sizeOf(after)]), whole);
    const withGaps = tf.reshape(rows, [sizeOf(before), length, dilation * sizeOf(after)]);
    const taps = tf.slice(withGaps, [0, 0, 0], [sizeOf(before), length, sizeOf(after)]);
    return tf.reshape(taps, [...before, length, ...after]);
  }, wide);
}

function around(shape: number[], axis: number): { before: number[]; length: number; after: number[] } {
  return { before: shape.slice(0, axis), length: shape[axis] ?? 1, after: shape.slice(axis + 1) };
}
