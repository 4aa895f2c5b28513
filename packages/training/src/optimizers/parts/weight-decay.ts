import { type Variable, mul, sub } from "@tensorflow/tfjs-core";

/** Which weights do not decay. */
export interface DecayExclusion {
  readonly variables?: readonly Variable[];
  /** Texts of which one stands in the weight's path: `bias`, `batch_normalization`. */
  readonly names?: readonly string[];
}

/** A weight and its path in its model, if that is known. */
export interface NamedVariable {
  readonly variable: Variable;
  readonly name: string | undefined;
}

/** Whether a weight decays. */
export function decays({ variable, name }: NamedVariable, { variables = [], names = [] }: DecayExclusion): boolean {
  return !(variables.includes(variable) || names.some((text) => name?.includes(text)));
}

/** Takes from each weight a share of itself. To be called inside `tidy`. */
export function decay(weights: readonly { readonly variable: Variable }[], share: number): void {
  for (const { variable } of weights) variable.assign(sub(variable, mul(variable, share)));
}
