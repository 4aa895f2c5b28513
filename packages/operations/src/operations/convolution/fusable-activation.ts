import type * as tf from "@tensorflow/tfjs-core";
import type { PartActivation } from "../../contract/activations.ts";

/** A function of an operation's output, which a device may compute in the same kernel. */
export interface FusableActivation {
  /** The name under which devices fuse it into convolutions and matrix products, where they can. */
  readonly fusedName?: PartActivation;
  apply(input: tf.Tensor): tf.Tensor;
}

/** The identity. */
export const linear: FusableActivation = { fusedName: "linear", apply: (input) => input };
