import type { Shape } from "@featuremap/tensor";

/**
 * What is known of a tensor's values without computing them.
 *
 * - `scores`: what a linear layer gives, one score for each class
 * - `shares`: in [0, 1], adding up to 1 over `axes` together; axes of length 1 are left out of the list
 * - `chances`: in [0, 1], each by itself
 * - `unknown`: anything
 */
export type Claim =
  | { readonly kind: "scores" | "chances" | "unknown" }
  | { readonly kind: "shares"; readonly axes: readonly number[] };

export const unknown: Claim = { kind: "unknown" };
export const scores: Claim = { kind: "scores" };
const chances: Claim = { kind: "chances" };

/** Shares over the given axes of a tensor of that shape. */
export function sharesOver(axes: readonly number[], shape: Shape): Claim {
  return { kind: "shares", axes: longAxes(shape).filter((axis) => axes.includes(axis)) };
}

/** Whether the values of each element of the batch add up to 1. */
export function addsUpToOne(claim: Claim, shape: Shape): boolean {
  return claim.kind === "shares" && claim.axes.length === longAxes(shape).length;
}

/** What an activation of Keras's name makes of `input`; of a function of the user's own, nothing is known. */
export function activated(name: string, input: Claim, shape: Shape): Claim {
  switch (name) {
    case "linear":
      return input;
    case "softmax":
    case "sparsemax":
      return sharesOver([shape.length - 1], shape);
    case "sigmoid":
    case "hard_sigmoid":
    case "sparse_sigmoid":
      return chances;
    // Its softmax is the softmax that it is the logarithm of.
    case "log_softmax":
      return scores;
    default:
      return unknown;
  }
}

/** What the same values in another order or shape are: shares stay shares where they have the new tensor to themselves. */
export function rearranged(input: Claim, from: Shape, to: Shape): Claim {
  if (input.kind !== "shares") return input;
  return addsUpToOne(input, from) ? { kind: "shares", axes: longAxes(to) } : unknown;
}

/** What means over all axes but one are: of shares along that one, shares again. */
export function averaged(input: Claim, from: Shape, axis: number, to: Shape, axisAfter: number): Claim {
  if (input.kind !== "shares") return input;
  const along = longAxes(from).filter((long) => long === axis);
  return String(input.axes) === String(along) ? sharesOver([axisAfter], to) : unknown;
}

/** What numbers picked out of others are: scores and chances as before, but shares no longer add up. */
export function picked(input: Claim): Claim {
  return input.kind === "shares" ? unknown : input;
}

/** What all inputs have in common. */
export function common(inputs: readonly Claim[]): Claim {
  const [first = unknown, ...others] = inputs;
  const same = others.every((other) => {
    if (first.kind !== "shares" || other.kind !== "shares") return other.kind === first.kind;
    return String(first.axes) === String(other.axes);
  });
  return same ? first : unknown;
}

/** Axes after the batch axis that are longer than 1, or may be. */
function longAxes(shape: Shape): readonly number[] {
  return shape.flatMap((length, axis) => (axis > 0 && length !== 1 ? [axis] : []));
}
