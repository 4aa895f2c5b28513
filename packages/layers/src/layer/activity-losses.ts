import * as tf from "@tensorflow/tfjs-core";
import type { Layer } from "./layer.ts";

/** Adds what the outputs of a layer cost. */
export function collectActivityLosses(layer: Layer, outputs: readonly tf.Tensor[], losses: tf.Tensor[]): void {
  const { activityRegularizer } = layer;
  if (activityRegularizer === null) return;
  for (const output of outputs) losses.push(tf.div(activityRegularizer.loss(output), output.shape[0] ?? 1));
}
