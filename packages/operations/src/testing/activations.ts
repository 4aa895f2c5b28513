import * as tf from "@tensorflow/tfjs-core";
import { type FusableActivation, linear } from "../operations/convolution/fusable-activation.ts";

/** Activations as layers give them to operations; devices fuse all but tanh. */
export const activations: Readonly<Record<"linear" | "relu" | "relu6" | "sigmoid" | "tanh", FusableActivation>> = {
  linear,
  relu: { fusedName: "relu", apply: tf.relu },
  relu6: { fusedName: "relu6", apply: tf.relu6 },
  sigmoid: { fusedName: "sigmoid", apply: tf.sigmoid },
  tanh: { apply: tf.tanh },
};

export type TestedActivation = keyof typeof activations;
