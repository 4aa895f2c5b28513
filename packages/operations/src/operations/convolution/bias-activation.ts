import * as tf from "@tensorflow/tfjs-core";
import type { FusableActivation } from "./fusable-activation.ts";

/** `activation(sums + bias)`, for devices and operations that have no kernel for all of it. */
export function activate<Sums extends tf.Tensor>(
  sums: Sums,
  bias: tf.Tensor1D | null,
  activation: FusableActivation,
): Sums {
  // Activations keep the shape.
  return activation.apply(bias === null ? sums : tf.add(sums, bias)) as Sums;
}
