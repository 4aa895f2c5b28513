import { add, div, mul, scalar, sqrt, square, sub } from "@tensorflow/tfjs-core";
import { checkFraction, checkNotNegative } from "./check-ranges.ts";
import type { InPlaceRule } from "./in-place.ts";
import { Optimizer, type UpdateStep } from "./optimizer.ts";

export interface RMSpropConfig {
  /** Length of a step. Default: 0.001. */
  readonly learningRate?: number;
  /** Share of the past in the mean of squared gradients, in [0, 1). Default: 0.9. */
  readonly rho?: number;
  /** Keeps the root away from 0. Default: 1e-7. */
  readonly epsilon?: number;
}

/**
 * Divides each gradient by the root of a moving mean of its square: `v = rho * v + (1 - rho) * g^2`,
 * `w = w - learningRate * g / sqrt(v + epsilon)`.
 *
 * Source: Tieleman and Hinton, lecture 6.5, 2012; Keras 3 `RMSprop`, with epsilon under the root.
 */
export class RMSprop extends Optimizer<"velocity"> {
  readonly rho: number;
  readonly epsilon: number;
  protected override readonly slotNames: readonly "velocity"[] = ["velocity"];

  /** @throws {InvalidConfigError} `learningRate` or `epsilon` is negative, or `rho` is outside [0, 1). */
  constructor({ learningRate = 0.001, rho = 0.9, epsilon = 1e-7 }: RMSpropConfig = {}) {
    super(learningRate);
    this.rho = checkFraction("RMSprop", "rho", rho);
    this.epsilon = checkNotNegative("RMSprop", "epsilon", epsilon);
  }

  protected override update({ weights, learningRate }: UpdateStep<"velocity">): void {
    const rate = scalar(learningRate);
    const past = scalar(this.rho);
    const present = scalar(1 - this.rho);
    const epsilon = scalar(this.epsilon);
    for (const { variable, gradient, slots } of weights) {
      const velocity = add(mul(past, slots.velocity), mul(present, square(gradient)));
      slots.velocity.assign(velocity);
      variable.assign(sub(variable, div(mul(rate, gradient), sqrt(add(velocity, epsilon)))));
    }
  }

  protected override inPlaceRule({ learningRate }: UpdateStep<"velocity">): InPlaceRule {
    return { rule: "rmsprop", rate: learningRate, decay: this.rho, share: 1 - this.rho, epsilon: this.epsilon };
  }
}
