import { type Variable, add, mul } from "@tensorflow/tfjs-core";
import { float32Complement } from "./float32.ts";
import { swapValues } from "../optimizer-state.ts";

/** A weight and its moving mean. */
export interface AveragedWeight {
  readonly variable: Variable;
  readonly average: Variable;
}

/** How means move. */
export interface MovingMeansConfig {
  readonly emaMomentum: number;
  readonly emaOverwriteFrequency: number | null;
}

/** The moving means of an optimizer's weights, and whose place they have. Source: Keras 3 `Optimizer`, `use_ema`. */
export class MovingMeans {
  /** Whether the variables hold the means, and the slots what is trained. */
  areHeld = false;
  readonly #momentum: number;
  readonly #overwriteFrequency: number | null;

  constructor({ emaMomentum, emaOverwriteFrequency }: MovingMeansConfig) {
    this.#momentum = emaMomentum;
    this.#overwriteFrequency = emaOverwriteFrequency;
  }

  /** Moves the means towards the weights after a batch. To be called inside `tidy`. @param step steps done before it */
  follow(weights: readonly AveragedWeight[], step: number): void {
    const past = step === 0 ? 0 : this.#momentum;
    for (const { variable, average } of weights) {
      average.assign(add(mul(average, past), mul(variable, float32Complement(past))));
    }
    if (this.#overwriteFrequency !== null && (step + 1) % this.#overwriteFrequency === 0) this.finalize(weights);
  }

  /** Gives the weights their means. */
  finalize(weights: readonly AveragedWeight[]): void {
    for (const { variable, average } of weights) {
      if (this.areHeld) average.assign(variable);
      else variable.assign(average);
    }
    this.areHeld = false;
  }

  /** Weights and means take each other's places. */
  swap(weights: readonly AveragedWeight[]): void {
    for (const { variable, average } of weights) swapValues(variable, average);
    this.areHeld = !this.areHeld;
  }
}
