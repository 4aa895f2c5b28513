import { Option } from "@featuremap/tensor";
import { abs, add, div, maximum, mul, scalar, sub } from "@tensorflow/tfjs-core";
import type { PlainOptions } from "../config/configured.ts";
import { fractionOption } from "../config/kinds.ts";
import { float32PowerComplement } from "./parts/float32.ts";
import { Optimizer, type UpdateStep } from "./optimizer.ts";
import { type OptimizerConfig, optimizerOptionsWith } from "./optimizer-config.ts";

export interface AdamaxConfig extends OptimizerConfig {
  /** Share of the past in the mean of gradients, in [0, 1). Default: 0.9. */
  readonly beta1?: number;
  /** What is left of the largest gradient after each step, in [0, 1). Default: 0.999. */
  readonly beta2?: number;
  /** Keeps the divisor away from 0. Default: 1e-7. */
  readonly epsilon?: number;
}

type Slot = "momentum" | "norm";

/**
 * Adam with the largest gradient in place of the mean square: `m = m + (1 - beta1) (g - m)`,
 * `u = max(beta2 * u, |g|)`, `w = w - learningRate * m / ((1 - beta1^t) (u + epsilon))` in step `t`, with a default learning
 * rate of 0.001.
 *
 * Source: Kingma and Ba, ICLR 2015, section 7; Keras 3 `Adamax`.
 */
export class Adamax extends Optimizer<Slot> {
  static override readonly className: string = "Adamax";
  static override readonly options: PlainOptions<AdamaxConfig> = optimizerOptionsWith(0.001, {
    beta1: fractionOption().default(0.9).savedAs("beta_1"),
    beta2: fractionOption().default(0.999).savedAs("beta_2"),
    epsilon: Option.nonNegative().default(1e-7),
  });
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  protected override readonly slotNames: readonly Slot[] = ["momentum", "norm"];

  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: AdamaxConfig = {}) {
    super(config);
    ({ beta1: this.beta1, beta2: this.beta2, epsilon: this.epsilon } = this.settle(config, Adamax.options));
  }

  protected override update({ weights, learningRate, step }: UpdateStep<Slot>): void {
    const rate = scalar(learningRate);
    const correction = scalar(float32PowerComplement(this.beta1, step));
    for (const { variable, gradient, slots } of weights) {
      const momentum = add(slots.momentum, mul(sub(gradient, slots.momentum), 1 - this.beta1));
      const norm = maximum(mul(slots.norm, this.beta2), abs(gradient));
      slots.momentum.assign(momentum);
      slots.norm.assign(norm);
      variable.assign(sub(variable, div(mul(rate, momentum), mul(correction, add(norm, this.epsilon)))));
    }
  }
}
