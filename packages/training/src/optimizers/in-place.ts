import { type Tensor, type Variable, backend } from "@tensorflow/tfjs-core";

/** An optimizer's formula for one step, with its numbers; {@link InPlaceDevice} states the formulas. */
export interface InPlaceRule {
  readonly rule: "sgd" | "momentum" | "nesterov" | "rmsprop" | "adam";
  readonly rate: number;
  /** What a slot keeps of its past. */
  readonly decay?: number;
  /** What a slot takes of the new: `1 - decay`, which float32 cannot tell precisely. */
  readonly share?: number;
  /** As `share`, for the second slot. */
  readonly secondShare?: number;
  readonly epsilon?: number;
}

/**
 * A tfjs backend that takes a whole step in one pass, writing weights `w` and slots `m`, `v` where they lie.
 *
 * sgd: `w -= rate * g`. momentum: `m = decay * m - rate * g`, `w += m`; nesterov: `w += decay * m - rate * g`.
 * rmsprop: `v = decay * v + share * g^2`, `w -= rate * g / sqrt(v + epsilon)`.
 * adam: `m += share * (g - m)`, `v += secondShare * (g^2 - v)`, `w -= rate * m / (sqrt(v) + epsilon)`.
 */
export interface InPlaceDevice {
  /** Says whether it took the step; it does not where something else still holds a weight's or slot's values. */
  updateInPlace(
    step: Required<InPlaceRule> & {
      readonly weightDecay: number;
      readonly weights: readonly {
        readonly weight: Variable;
        readonly gradient: Tensor;
        readonly slots: readonly Variable[];
      }[];
    },
  ): boolean;
}

/** Takes the step in place if the current device can; says whether it did. */
export function updateInPlace(
  rule: InPlaceRule,
  weights: readonly { readonly variable: Variable; readonly gradient: Tensor; readonly slots: readonly Variable[] }[],
): boolean {
  const device: Partial<InPlaceDevice> = backend() as Partial<InPlaceDevice>;
  return (
    device.updateInPlace?.({
      decay: 0,
      share: 0,
      secondShare: 0,
      epsilon: 0,
      weightDecay: 0,
      ...rule,
      weights: weights.map(({ variable, gradient, slots }) => ({ weight: variable, gradient, slots })),
    }) ?? false
  );
}
