import * as tf from "@tensorflow/tfjs-core";
import type { FusableActivation } from "./fusable-activation.ts";
import type { Conv2DGeometry } from "./conv2d.ts";
import { offers } from "../../contract/offers.ts";
import { isRecording } from "../../contract/recording.ts";

/** The activations that keep the order of numbers, and whose slope the largest output of a window tells. */
const fusable: ReadonlySet<string> = new Set(["linear", "relu", "relu6"]);

const GRADIENTS = ["FusedConv2DMaxPoolBackpropFilter", "FusedConv2DMaxPoolBackpropInput"] as const;

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
  const isTaken =
    fusedName !== undefined &&
    fusable.has(fusedName) &&
    geometry.groups === 1 &&
    input.dtype === "float32" &&
    offers("FusedConv2DMaxPool") &&
    (!notes || (offers(...GRADIENTS) && tf.getGradient("FusedConv2DMaxPool") !== undefined)) &&
    hasWindows(input, kernel, geometry);
  if (!isTaken) return undefined;
  const results = tf.engine().runKernel<tf.Tensor4D | tf.Tensor4D[]>(
    "FusedConv2DMaxPool",
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
  if (!Array.isArray(results)) return results;
  const [largest, choice] = results;
  // The gradient holds the choices by a tensor of its own.
  choice?.dispose();
  return largest;
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
