import * as tf from "@tensorflow/tfjs-core";
import { offers, runKernel } from "../../contract/kernel.ts";
import { maxPoolWithChoice, maxPoolWithChoiceGrad } from "../../contract/noted-pooling.ts";
import { isRecording } from "../../contract/recording.ts";

/** How a pooling window moves. */
export interface PoolGeometry {
  readonly size: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: "valid" | "same";
}

/** Taps of a window that one byte can tell apart. */
const MOST_CHOICES = 256;

/**
 * Largest element of each window: `[n, h, w, c]` to `[n, h', w', c]`.
 *
 * Where a gradient is recorded, a device that offers it notes at once which element each maximum is: `registerGradients`
 * knows that kernel's gradient, which neither keeps nor reads the images.
 */
export function maxPool2d(input: tf.Tensor4D, { size, strides, padding }: PoolGeometry): tf.Tensor4D {
  const notes =
    isRecording() &&
    input.dtype === "float32" &&
    size[0] * size[1] <= MOST_CHOICES &&
    tf.getGradient(maxPoolWithChoice.name) !== undefined &&
    offers(maxPoolWithChoice, maxPoolWithChoiceGrad);
  if (!notes) return tf.maxPool(input, [...size], [...strides], padding);
  const inputShape = input.shape;
  const [largest, choice] = runKernel(
    maxPoolWithChoice,
    { x: input },
    { filterSize: [...size], strides: [...strides], pad: padding, inputShape },
  );
  // The gradient holds the choices by a tensor of its own.
  choice.dispose();
  return largest;
}

/** Mean of each window, over its elements inside the image: `[n, h, w, c]` to `[n, h', w', c]`. */
export function averagePool2d(input: tf.Tensor4D, { size, strides, padding }: PoolGeometry): tf.Tensor4D {
  return tf.avgPool(input, [...size], [...strides], padding);
}
