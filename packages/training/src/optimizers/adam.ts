import { Option } from "@featuremap/tensor";
import type { PlainOptions } from "../config/configured.ts";
import { add, div, maximum, mul, scalar, sqrt, square, sub } from "@tensorflow/tfjs-core";
import { fractionOption } from "../config/kinds.ts";
import { float32, float32PowerComplement } from "./parts/float32.ts";
import type { InPlaceRule } from "@featuremap/operations";
import { Optimizer, type UpdateStep } from "./optimizer.ts";
import { type OptimizerConfig, optimizerOptionsWith } from "./optimizer-config.ts";

export interface AdamConfig extends OptimizerConfig {
  /** Share of the past in the mean of gradients, in [0, 1). Default: 0.9. */
  readonly beta1?: number;
  /** Share of the past in the mean of squared gradients, in [0, 1). Default: 0.999. */
  readonly beta2?: number;
  /** Keeps the divisor away from 0. Default: 1e-7. */
  readonly epsilon?: number;
  /** Whether to divide by the largest mean of squared gradients so far instead of the present one. Default: false. */
  readonly amsgrad?: boolean;
}

type Slot = "momentum" | "velocity" | "velocityHat";

/**
 * Moves by a moving mean of gradients over the root of a moving mean of their squares, both corrected for their start
 * at 0: `m = m + (1 - beta1) (g - m)`, `v = v + (1 - beta2) (g^2 - v)`, `w = w - alpha * m / (sqrt(v) + epsilon)` with
 * `alpha = learningRate * sqrt(1 - beta2^t) / (1 - beta1^t)` in step `t`.
 *
 * With `amsgrad`, the root is that of `vHat = max(vHat, v)`. The default learning rate is 0.001.
 * Source: Kingma and Ba, ICLR 2015, section 2's faster order; Reddi et al., ICLR 2018; Keras 3 `Adam`.
 */
export class Adam extends Optimizer<Slot> {
  static override readonly className: string = "Adam";
  static override readonly options: PlainOptions<AdamConfig> = optimizerOptionsWith(0.001, {
    beta1: fractionOption().default(0.9).savedAs("beta_1"),
    beta2: fractionOption().default(0.999).savedAs("beta_2"),
    epsilon: Option.nonNegative().default(1e-7),
    amsgrad: Option.flag().default(false),
  });
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly amsgrad: boolean;
  protected override readonly slotNames: readonly Slot[];

  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: AdamConfig = {}) {
    super(config);
    ({
      beta1: this.beta1,
      beta2: this.beta2,
      epsilon: this.epsilon,
      amsgrad: this.amsgrad,
    } = this.settle(config, Adam.options));
    this.slotNames = this.amsgrad ? ["momentum", "velocity", "velocityHat"] : ["momentum", "velocity"];
  }

  protected override update({ weights, learningRate, step }: UpdateStep<Slot>): void {
    const alpha = scalar(this.#corrected(learningRate, step));
    const share1 = scalar(1 - this.beta1);
    const share2 = scalar(1 - this.beta2);
    const epsilon = scalar(this.epsilon);
    for (const { variable, gradient, slots } of weights) {
      const momentum = add(slots.momentum, mul(sub(gradient, slots.momentum), share1));
      let velocity = add(slots.velocity, mul(sub(square(gradient), slots.velocity), share2));
      slots.momentum.assign(momentum);
      slots.velocity.assign(velocity);
      if (this.amsgrad) {
        velocity = maximum(slots.velocityHat, velocity);
        slots.velocityHat.assign(velocity);
      }
      variable.assign(sub(variable, div(mul(momentum, alpha), add(sqrt(velocity), epsilon))));
    }
  }

  protected override inPlaceRule({ learningRate, step }: UpdateStep<Slot>): InPlaceRule {
    return {
      rule: this.amsgrad ? "amsgrad" : "adam",
      rate: this.#corrected(learningRate, step),
      share: 1 - this.beta1,
      secondShare: 1 - this.beta2,
      epsilon: this.epsilon,
    };
  }

  /** The rate that makes up for slots which began at zero, rounded as Keras rounds it. */
  #corrected(learningRate: number, step: number): number {
    const root = float32(Math.sqrt(float32PowerComplement(this.beta2, step)));
    return float32(float32(float32(learningRate) * root) / float32PowerComplement(this.beta1, step));
  }
}
