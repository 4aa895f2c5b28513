import { Option } from "@featuremap/tensor";
import { add, div, mul, scalar, sqrt, square, sub } from "@tensorflow/tfjs-core";
import type { PlainOptions } from "../config/configured.ts";
import { fractionOption } from "../config/kinds.ts";
import { float32, float32Complement, float32PowerComplement } from "./parts/float32.ts";
import { Optimizer, type UpdateStep } from "./optimizer.ts";
import { type OptimizerConfig, optimizerOptionsWith } from "./optimizer-config.ts";

export interface NadamConfig extends OptimizerConfig {
  /** Share of the past in the mean of gradients, in [0, 1). Default: 0.9. */
  readonly beta1?: number;
  /** Share of the past in the mean of squared gradients, in [0, 1). Default: 0.999. */
  readonly beta2?: number;
  /** Keeps the divisor away from 0. Default: 1e-7. */
  readonly epsilon?: number;
}

type Slot = "momentum" | "velocity";

/**
 * Adam that looks ahead as Nesterov's momentum does. With `u(t) = beta1 * (1 - 0.96^t / 2)` and `p(t)` the product of
 * `u(1)` to `u(t)`: `m = m + (1 - beta1) (g - m)`, `v = v + (1 - beta2) (g^2 - v)`,
 * `w = w - learningRate * (u(t + 1) * m / (1 - p(t + 1)) + (1 - u(t)) * g / (1 - p(t))) / (sqrt(v / (1 - beta2^t)) + epsilon)`
 * in step `t`, with a default learning rate of 0.001.
 *
 * Source: Dozat, ICLR workshop 2016; Keras 3 `Nadam`.
 */
export class Nadam extends Optimizer<Slot> {
  static override readonly className: string = "Nadam";
  static override readonly options: PlainOptions<NadamConfig> = optimizerOptionsWith(0.001, {
    beta1: fractionOption().default(0.9).savedAs("beta_1"),
    beta2: fractionOption().default(0.999).savedAs("beta_2"),
    epsilon: Option.nonNegative().default(1e-7),
  });
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  protected override readonly slotNames: readonly Slot[] = ["momentum", "velocity"];
  /** `p` of a step, kept so that the next one need not begin at the first. */
  #product = { step: 0, value: 1 };

  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: NadamConfig = {}) {
    super(config);
    ({ beta1: this.beta1, beta2: this.beta2, epsilon: this.epsilon } = this.settle(config, Nadam.options));
  }

  protected override update({ weights, learningRate, step }: UpdateStep<Slot>): void {
    const product = this.#productUpTo(step);
    const ahead = this.#share(step + 1);
    const rate = scalar(learningRate);
    const momentumShare = scalar(ahead);
    const momentumCorrection = scalar(float32Complement(product * ahead));
    const gradientShare = scalar(float32Complement(this.#share(step)));
    const gradientCorrection = scalar(float32Complement(product));
    const correction = scalar(float32PowerComplement(this.beta2, step));
    const [share1, share2] = [float32Complement(this.beta1), float32Complement(this.beta2)];
    for (const { variable, gradient, slots } of weights) {
      const momentum = add(slots.momentum, mul(sub(gradient, slots.momentum), share1));
      const velocity = add(slots.velocity, mul(sub(square(gradient), slots.velocity), share2));
      slots.momentum.assign(momentum);
      slots.velocity.assign(velocity);
      const movement = add(
        div(mul(momentumShare, momentum), momentumCorrection),
        div(mul(gradientShare, gradient), gradientCorrection),
      );
      variable.assign(sub(variable, div(mul(movement, rate), add(sqrt(div(velocity, correction)), this.epsilon))));
    }
  }

  #share(step: number): number {
    return float32(float32(this.beta1) * float32Complement(0.5 * float32(float32(0.96) ** step)));
  }

  #productUpTo(last: number): number {
    let { step, value } = this.#product.step <= last ? this.#product : { step: 0, value: 1 };
    while (step < last) value = float32(value * this.#share(++step));
    this.#product = { step, value };
    return value;
  }
}
