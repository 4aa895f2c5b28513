import { type Tensor, type Variable, backend } from "@tensorflow/tfjs-core";

/** An optimizer's formula for one step, with its numbers; {@link InPlaceDevice} states the formulas. */
export interface InPlaceRule {
  readonly rule:
    | "sgd"
    | "momentum"
    | "nesterov"
    | "rmsprop"
    | "rmspropWithMomentum"
    | "centeredRmsprop"
    | "centeredRmspropWithMomentum"
    | "adam"
    | "amsgrad";
  readonly rate: number;
  /** What a slot keeps of its past. */
  readonly decay?: number;
  /** What a slot takes of the new: `1 - decay`, which float32 cannot tell precisely. */
  readonly share?: number;
  /** As `share`, for the second slot. */
  readonly secondShare?: number;
  /** What RMSprop keeps of its last movement. */
  readonly momentum?: number;
  readonly epsilon?: number;
  /** What each weight loses of itself first. */
  readonly weightDecay?: number;
}

/** One step of an optimizer over all of a model's weights. */
export interface InPlaceStep extends Required<InPlaceRule> {
  readonly weights: readonly {
    readonly weight: Variable;
    readonly gradient: Tensor;
    readonly slots: readonly Variable[];
  }[];
}

/**
 * A tfjs backend that takes a whole step in one pass, writing weights `w` and slots `m`, `v`, `a`, `h` where they lie.
 *
 * All begin with `w -= weightDecay * w`.
 * sgd: `w -= rate * g`. momentum: `m = decay * m - rate * g`, `w += m`; nesterov: `w += decay * m - rate * g`.
 * rmsprop, slot `v`: `v = decay * v + share * g^2`, `w -= rate * g / sqrt(v + epsilon)`; with momentum, slots `v`, `m`:
 * `m = momentum * m + rate * g / sqrt(v + epsilon)`, `w -= m`. Centered, with `a` as the last slot: the root is that of
 * `v - a^2 + epsilon`, where `a = decay * a + share * g`.
 * adam, slots `m`, `v`: `m += share * (g - m)`, `v += secondShare * (g^2 - v)`, `w -= rate * m / (sqrt(v) + epsilon)`;
 * amsgrad, slots `m`, `v`, `h`: the root is that of `h = max(h, v)`.
 */
export interface InPlaceDevice {
  /** Says whether it took the step; it does not where something else still holds a weight's or slot's values. */
  updateInPlace(step: InPlaceStep): boolean;
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
      momentum: 0,
      epsilon: 0,
      weightDecay: 0,
      ...rule,
      weights: weights.map(({ variable, gradient, slots }) => ({ weight: variable, gradient, slots })),
    }) ?? false
  );
}
