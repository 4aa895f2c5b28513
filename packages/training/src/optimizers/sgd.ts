import { type OptionNames, checkOptions } from "@featuremap/tensor";
import { add, mul, scalar, sub } from "@tensorflow/tfjs-core";
import { checkFraction } from "./check-ranges.ts";
import type { InPlaceRule } from "./in-place.ts";
import { Optimizer, type UpdateStep } from "./optimizer.ts";

export interface SGDConfig {
  /** Length of a step. Default: 0.01. */
  readonly learningRate?: number;
  /** Share of the last step's movement that is kept, in [0, 1). Default: 0. */
  readonly momentum?: number;
  /** Whether the gradient counts where the momentum leads. Needs `momentum` to matter. Default: false. */
  readonly nesterov?: boolean;
}

const sgdOptions: OptionNames<SGDConfig> = { learningRate: true, momentum: true, nesterov: true };

/**
 * Stochastic gradient descent: `w = w - learningRate * g`.
 *
 * With momentum: `m = momentum * m - learningRate * g`, then `w = w + m`, or, with `nesterov`,
 * `w = w + momentum * m - learningRate * g`.
 * Source: Keras 3 `SGD`.
 */
export class SGD extends Optimizer<"momentum"> {
  readonly momentum: number;
  readonly nesterov: boolean;
  protected override readonly slotNames: readonly "momentum"[];

  /** @throws {InvalidConfigError} an option is unknown, `learningRate` is negative, or `momentum` is outside [0, 1). */
  constructor(config: SGDConfig = {}) {
    checkOptions("SGD", config, sgdOptions);
    const { learningRate = 0.01, momentum = 0, nesterov = false } = config;
    super(learningRate);
    this.momentum = checkFraction("SGD", "momentum", momentum);
    this.nesterov = nesterov;
    this.slotNames = momentum === 0 ? [] : ["momentum"];
  }

  protected override update({ weights, learningRate }: UpdateStep<"momentum">): void {
    const rate = scalar(learningRate);
    const kept = scalar(this.momentum);
    for (const { variable, gradient, slots } of weights) {
      const descent = mul(gradient, rate);
      if (this.momentum === 0) {
        variable.assign(sub(variable, descent));
        continue;
      }
      const movement = sub(mul(slots.momentum, kept), descent);
      slots.momentum.assign(movement);
      variable.assign(add(variable, this.nesterov ? sub(mul(movement, kept), descent) : movement));
    }
  }

  protected override inPlaceRule({ learningRate }: UpdateStep<"momentum">): InPlaceRule {
    if (this.momentum === 0) return { rule: "sgd", rate: learningRate };
    return { rule: this.nesterov ? "nesterov" : "momentum", rate: learningRate, decay: this.momentum };
  }
}
