import * as tf from "@tensorflow/tfjs-core";
import type { FusableActivation } from "./fusable-activation.ts";
import type { Conv2DGeometry } from "./conv2d.ts";
import { isStraight } from "../../contract/activations.ts";
import { offers, runKernel } from "../../contract/kernel.ts";
import {
  fusedConv2DMaxPool,
  fusedConv2DMaxPoolBackpropFilter,
  fusedConv2DMaxPoolBackpropInput,
} from "../../contract/pooled-convolution.ts";
import { isRecording } from "../../contract/recording.ts";

/**
 * The largest element of each 2 x 2 window of `activation(input * kernel + bias)`, as one kernel that writes no element of
 * the convolution; an odd last row or column belongs to no window.
 *
 * While a gradient is recorded, the kernel also notes which element of its window each is.
 * Shape: `[n, h, w, in]` and `[kh, kw, in, out]` to `[n, floor(h' / 2), floor(w' / 2), out]`, where the convolution gives
 * `[n, h', w', out]`.
 *
 * @returns undefined where the device has no such kernels, or the convolution is none that they take
 */
export function conv2dMaxPool(
  input: tf.Tensor4D,
  kernel: tf.Tensor4D,
  bias: tf.Tensor1D | null,
  { fusedName }: FusableActivation,
  geometry: Conv2DGeometry,
): tf.Tensor4D | undefined {
  const notes = isRecording();
  if (!isStraight(fusedName) || geometry.groups !== 1 || input.dtype !== "float32") return undefined;
  const offered = offers(fusedConv2DMaxPool) && (!notes || isTrained()) && hasWindows(input, kernel, geometry);
  if (!offered) return undefined;
  const [largest, choice] = runKernel(
    fusedConv2DMaxPool,
    { x: input, filter: kernel, ...(bias !== null && { bias }) },
    {
      strides: [...geometry.strides],
      pad: geometry.padding,
      dataFormat: "NHWC",
      dilations: [...geometry.dilation],
      activation: fusedName,
      notes,
    },
  );
  // The gradient holds the choices by a tensor of its own.
  choice?.dispose();
  return largest;
}

function isTrained(): boolean {
  const gradients = offers(fusedConv2DMaxPoolBackpropFilter, fusedConv2DMaxPoolBackpropInput);
  return gradients && tf.getGradient(fusedConv2DMaxPool.name) !== undefined;
}

/** Whether the convolution gives at least one whole window. */
function hasWindows(input: tf.Tensor4D, kernel: tf.Tensor4D, { strides, dilation, padding }: Conv2DGeometry): boolean {
  const { outHeight, outWidth } = tf.backend_util.computeConv2DInfo(
    input.shape,
    kernel.shape,
    [...strides],
    [...dilation],
    padding,
  );
  return outHeight >= 2 && outWidth >= 2;
}
