import type * as tf from "@tensorflow/tfjs-core";
import type { CallContext, Layer } from "../../layer/layer.ts";

/** Two layers' work, one after the other, in one call. */
export type FusedCall = (input: tf.Tensor, context: CallContext) => tf.Tensor;

/**
 * How to compute two layers in one call, for pairs that devices may compute without what is between; `undefined` for others.
 *
 * A model asks where the second layer alone takes the first one's output, and nobody else looks at it. The call also runs where
 * the device cannot fuse, and gives what calling both gives.
 */
export type FusionRule = (first: Layer, second: Layer) => FusedCall | undefined;

type Class<Kind> = abstract new (...config: never[]) => Kind;

/** A rule for layers of two classes, and for none that derive from them, which compute what they like. */
export function fusionRule<First extends Layer, Second extends Layer>(
  firstClass: Class<First>,
  secondClass: Class<Second>,
  fuse: (first: First, second: Second) => FusedCall | undefined,
): FusionRule {
  return (first, second) => {
    const applies = isExactly(first, firstClass) && isExactly(second, secondClass);
    return applies ? fuse(first, second) : undefined;
  };
}

function isExactly<Kind extends Layer>(layer: Layer, kind: Class<Kind>): layer is Kind {
  return layer.constructor === kind;
}
