import { type Tensor, type Variable, tidy, variable, zerosLike } from "@tensorflow/tfjs-core";
import { checkNotNegative } from "./check-ranges.ts";
import { type InPlaceRule, updateInPlace } from "./in-place.ts";

/** One weight in an {@link UpdateStep}. */
export interface WeightUpdate<Slot extends string> {
  readonly variable: Variable;
  readonly gradient: Tensor;
  /** What the optimizer remembers of this weight's past gradients; zeros before the first step. */
  readonly slots: Readonly<Record<Slot, Variable>>;
}

/** One update of all weights: what an optimizer works on. */
export interface UpdateStep<Slot extends string> {
  readonly weights: readonly WeightUpdate<Slot>[];
  readonly learningRate: number;
  /** Number of this step, counted from 1. */
  readonly step: number;
}

/**
 * Turns gradients into new weights.
 *
 * An update takes all weights at once, so that a device may do it in one pass. Slots belong to the optimizer and live
 * until {@link dispose}; each weight keeps its own through calls with other lists of weights.
 * Source: Keras 3 `Optimizer`.
 */
export abstract class Optimizer<Slot extends string = string> {
  /** Names of the tensors kept for each weight. */
  protected abstract readonly slotNames: readonly Slot[];
  readonly #slots = new Map<Variable, Readonly<Record<Slot, Variable>>>();
  #learningRate: number;
  #iterations = 0;

  /** @throws {InvalidConfigError} `learningRate` is negative or not finite. */
  constructor(learningRate: number) {
    this.#learningRate = checkNotNegative(this.constructor.name, "learningRate", learningRate);
  }

  /** Length of a step, 0 or more. May be changed between steps. */
  get learningRate(): number {
    return this.#learningRate;
  }

  set learningRate(value: number) {
    this.#learningRate = checkNotNegative(this.constructor.name, "learningRate", value);
  }

  /** Steps taken so far. */
  get iterations(): number {
    return this.#iterations;
  }

  /**
   * Takes one step: assigns every variable its new value.
   *
   * @param pairs each variable with its gradient, of the same shape; both stay the caller's
   */
  apply(pairs: readonly { readonly variable: Variable; readonly gradient: Tensor }[]): void {
    const weights = pairs.map((pair) => ({ ...pair, slots: this.#slotsOf(pair.variable) }));
    const step = this.#iterations + 1;
    const update = { weights, learningRate: this.#learningRate, step };
    if (!this.#updateInPlace(update)) {
      tidy(() => {
        this.update(update);
      });
    }
    this.#iterations = step;
  }

  /** Frees the slots and counts from 0 again. */
  dispose(): void {
    for (const slots of this.#slots.values()) for (const name of this.slotNames) slots[name].dispose();
    this.#slots.clear();
    this.#iterations = 0;
  }

  /** Assigns new values to the variables and slots. Runs inside `tidy`. */
  protected abstract update(step: UpdateStep<Slot>): void;

  /** The same step as a formula, for a device that takes it in one pass over all weights; undefined if there is none. */
  protected inPlaceRule(_step: UpdateStep<Slot>): InPlaceRule | undefined {
    return undefined;
  }

  #updateInPlace(step: UpdateStep<Slot>): boolean {
    const rule = this.inPlaceRule(step);
    if (rule === undefined) return false;
    const weights = step.weights.map((weight) => ({
      ...weight,
      slots: this.slotNames.map((name) => weight.slots[name]),
    }));
    return updateInPlace(rule, weights);
  }

  #slotsOf(weight: Variable): Readonly<Record<Slot, Variable>> {
    const known = this.#slots.get(weight);
    if (known) return known;
    const made = tidy(() => this.slotNames.map((name) => [name, variable(zerosLike(weight), false)] as const));
    const slots = Object.fromEntries(made) as Record<Slot, Variable>;
    this.#slots.set(weight, slots);
    return slots;
  }
}
