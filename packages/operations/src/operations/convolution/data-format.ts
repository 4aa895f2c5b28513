import * as tf from "@tensorflow/tfjs-core";
import { type FusableActivation, linear } from "./fusable-activation.ts";

/** Runs an operation that wants `[batch, ...lengths, channels]` on `[batch, channels, ...lengths]`. */
export function throughChannelsLast(input: tf.Tensor, operation: (input: tf.Tensor) => tf.Tensor): tf.Tensor {
  const axes = input.shape.map((_, axis) => axis);
  const output = operation(tf.transpose(input, [0, ...axes.slice(2), 1]));
  return output.rank === input.rank ? tf.transpose(output, [0, input.rank - 1, ...axes.slice(1, -1)]) : output;
}

/**
 * Runs a convolution with its activation in the data format of its layer.
 *
 * An activation that looks at more than one element, as softmax, looks along the last axis of the layer's output, which
 * is not the channels' where they come first; so it follows when the axes are back in their places.
 */
export function convolveInFormat(
  input: tf.Tensor,
  format: "channelsLast" | "channelsFirst",
  activation: FusableActivation,
  convolve: (input: tf.Tensor, activation: FusableActivation) => tf.Tensor,
): tf.Tensor {
  if (format === "channelsLast") return convolve(input, activation);
  const inside = activation.fusedName === undefined ? linear : activation;
  const output = throughChannelsLast(input, (images) => convolve(images, inside));
  return inside === activation ? output : activation.apply(output);
}

/** Runs an operation on images on `[batch, steps, channels]`, as on images of one row. */
export function throughImages(rows: tf.Tensor, operation: (images: tf.Tensor4D) => tf.Tensor): tf.Tensor {
  return asRows(operation(asImages(rows)));
}

/** `[batch, steps, channels]` as `[batch, 1, steps, channels]`; images stay as they are. */
export function asImages(input: tf.Tensor): tf.Tensor4D {
  if (input.rank === 4) return input as tf.Tensor4D;
  const [batch = 1, steps = 1, channels = 1] = input.shape;
  return tf.reshape(input, [batch, 1, steps, channels]);
}

/** The one row of each image. */
function asRows(images: tf.Tensor): tf.Tensor {
  const [batch = 1, , steps = 1, channels = 1] = images.shape;
  return tf.reshape(images, [batch, steps, channels]);
}

/** A kernel of rows as one of images: `[steps, in, out]` as `[1, steps, in, out]`. */
export function asImageKernel(kernel: tf.Tensor): tf.Tensor4D {
  if (kernel.rank === 4) return kernel as tf.Tensor4D;
  const [steps = 1, second = 1, third = 1] = kernel.shape;
  return tf.reshape(kernel, [1, steps, second, third]);
}

/** A number for height and one for width, of one or two. */
export function asImageLengths(lengths: readonly number[]): readonly [number, number] {
  const [first = 1, second] = lengths;
  return second === undefined ? [1, first] : [first, second];
}
