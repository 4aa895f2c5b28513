import type { Shape } from "@featuremap/tensor";

/**
 * What is known of a tensor's values without computing them.
 *
 * - `scores`: what a linear layer gives, one score for each class
 * - `shares`: none negative, adding up to `total` over `axes` together; axes of length 1 are left out of the list
 * - `chances`: in [0, `most`], each by itself
 * - `unknown`: anything
 */
export type Claim =
  | { readonly kind: "scores" | "unknown" }
  | { readonly kind: "chances"; readonly most: number }
  | { readonly kind: "shares"; readonly axes: readonly number[]; readonly total: number };

export const unknown: Claim = { kind: "unknown" };
export const scores: Claim = { kind: "scores" };
const chances: Claim = { kind: "chances", most: 1 };

/** How far weights of a mean may be from adding up to 1: thirds have no last digit. */
const rounding = 1e-6;

/** Shares over the given axes of a tensor of that shape. */
export function sharesOver(axes: readonly number[], shape: Shape, total = 1): Claim {
  return { kind: "shares", axes: longAxes(shape).filter((axis) => axes.includes(axis)), total };
}

/** What softmax over the given axes gives: over the batch, nothing that one example's values say. */
export function softmaxOver(axes: readonly number[], shape: Shape): Claim {
  return axes.includes(0) ? unknown : sharesOver(axes, shape);
}

/** What the logarithm of shares is: scores, whose softmax is those shares, if they are shares of everything. */
export function logarithmOf(claim: Claim, shape: Shape): Claim {
  return claim.kind === "shares" && haveAllAxes(claim, shape) ? scores : unknown;
}

/** Whether the values are probabilities: those of each element of the batch add up to 1, or each stands by itself. */
export function areProbabilities(claim: Claim, shape: Shape): boolean {
  if (claim.kind === "shares") return haveAllAxes(claim, shape) && isOne(claim.total);
  return claim.kind === "chances" && isOne(claim.most);
}

function isOne(value: number): boolean {
  return Math.abs(value - 1) <= rounding;
}

function haveAllAxes({ axes }: Extract<Claim, { kind: "shares" }>, shape: Shape): boolean {
  return axes.length === longAxes(shape).length;
}

/**
 * What a sum of tensors of one shape, each times a number, is: of shares and of chances the same, while no number is negative,
 * and of scores always scores.
 */
export function weighedSum(parts: readonly { readonly claim: Claim; readonly factor: number }[]): Claim {
  const [first] = parts;
  if (first === undefined) return unknown;
  const sum = (measure: (claim: Claim) => number): number =>
    parts.reduce((total, { claim, factor }) => total + measure(claim) * factor, 0);
  const alike = common(parts.map(({ claim }) => ofOne(claim)));
  // Nothing is left of scores times 0.
  if (alike.kind === "scores") return parts.every(({ factor }) => factor === 0) ? unknown : scores;
  if (parts.some(({ factor }) => !(factor >= 0))) return unknown;
  if (alike.kind === "shares") return { ...alike, total: sum((claim) => (claim.kind === "shares" ? claim.total : 0)) };
  return alike.kind === "chances"
    ? { ...alike, most: sum((claim) => (claim.kind === "chances" ? claim.most : 0)) }
    : unknown;
}

/** The same kind of claim, whatever values add up to. */
function ofOne(claim: Claim): Claim {
  if (claim.kind === "shares") return { ...claim, total: 1 };
  return claim.kind === "chances" ? chances : claim;
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
    case "log_softmax":
      return logarithmOf(sharesOver([shape.length - 1], shape), shape);
    default:
      return unknown;
  }
}

/** What the same values in another order or shape are: shares stay shares where they have the new tensor to themselves. */
export function rearranged(input: Claim, from: Shape, to: Shape): Claim {
  if (input.kind !== "shares") return input;
  return haveAllAxes(input, from) ? { ...input, axes: longAxes(to) } : unknown;
}

/** What means over all axes but one are: of shares along that one, shares again. */
export function averaged(input: Claim, from: Shape, axis: number, to: Shape, axisAfter: number): Claim {
  if (input.kind !== "shares") return input;
  const along = longAxes(from).filter((long) => long === axis);
  return String(input.axes) === String(along) ? sharesOver([axisAfter], to, input.total) : unknown;
}

/** What numbers picked out of others are: scores and chances as before, but shares no longer add up. */
export function picked(input: Claim): Claim {
  return input.kind === "shares" ? unknown : input;
}

/** What sums of different shapes, and differences, are: scores as before. */
export function onlyScores(claim: Claim): Claim {
  return claim.kind === "scores" ? scores : unknown;
}

/** What all inputs have in common. */
export function common(inputs: readonly Claim[]): Claim {
  const [first = unknown, ...others] = inputs;
  return others.every((other) => JSON.stringify(other) === JSON.stringify(first)) ? first : unknown;
}

/** Axes after the batch axis that are longer than 1, or may be. */
function longAxes(shape: Shape): readonly number[] {
  return shape.flatMap((length, axis) => (axis > 0 && length !== 1 ? [axis] : []));
}
