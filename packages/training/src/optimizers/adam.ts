import { add, div, mul, scalar, sqrt, square, sub } from "@tensorflow/tfjs-core";
import { checkFraction, checkNotNegative } from "./check-ranges.ts";
import type { InPlaceRule } from "./in-place.ts";
import { Optimizer, type UpdateStep } from "./optimizer.ts";

export interface AdamConfig {
  /** Length of a step. Default: 0.001. */
  readonly learningRate?: number;
  /** Share of the past in the mean of gradients, in [0, 1). Default: 0.9. */
  readonly beta1?: number;
  /** Share of the past in the mean of squared gradients, in [0, 1). Default: 0.999. */
  readonly beta2?: number;
  /** Keeps the divisor away from 0. Default: 1e-7. */
  readonly epsilon?: number;
}

/**
 * Moves by a moving mean of gradients over the root of a moving mean of their squares, both corrected for their start
 * at 0: `m = m + (1 - beta1) (g - m)`, `v = v + (1 - beta2) (g^2 - v)`, `w = w - alpha * m / (sqrt(v) + epsilon)` with
 * `alpha = learningRate * sqrt(1 - beta2^t) / (1 - beta1^t)` in step `t`.
 *
 * Source: Kingma and Ba, ICLR 2015, section 2's faster order; Keras 3 `Adam`.
 */
export class Adam extends Optimizer<"momentum" | "velocity"> {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  protected override readonly slotNames: readonly ("momentum" | "velocity")[] = ["momentum", "velocity"];

  /** @throws {InvalidConfigError} `learningRate` or `epsilon` is negative, or a beta is outside [0, 1). */
  constructor({ learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 }: AdamConfig = {}) {
    super(learningRate);
    this.beta1 = checkFraction("Adam", "beta1", beta1);
    this.beta2 = checkFraction("Adam", "beta2", beta2);
    this.epsilon = checkNotNegative("Adam", "epsilon", epsilon);
  }

  protected override update({ weights, learningRate, step }: UpdateStep<"momentum" | "velocity">): void {
    const alpha = scalar(this.#corrected(learningRate, step));
    const share1 = scalar(1 - this.beta1);
    const share2 = scalar(1 - this.beta2);
    const epsilon = scalar(this.epsilon);
    for (const { variable, gradient, slots } of weights) {
      const momentum = add(slots.momentum, mul(sub(gradient, slots.momentum), share1));
      const velocity = add(slots.velocity, mul(sub(square(gradient), slots.velocity), share2));
      slots.momentum.assign(momentum);
      slots.velocity.assign(velocity);
      variable.assign(sub(variable, div(mul(momentum, alpha), add(sqrt(velocity), epsilon))));
    }
  }

  protected override inPlaceRule({ learningRate, step }: UpdateStep<"momentum" | "velocity">): InPlaceRule {
    const rate = this.#corrected(learningRate, step);
    return { rule: "adam", rate, share: 1 - this.beta1, secondShare: 1 - this.beta2, epsilon: this.epsilon };
  }

  /** The rate that makes up for slots which began at zero. */
  #corrected(learningRate: number, step: number): number {
    return (learningRate * Math.sqrt(1 - this.beta2 ** step)) / (1 - this.beta1 ** step);
  }
}
