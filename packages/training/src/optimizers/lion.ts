import { Option } from "@featuremap/tensor";
import { add, mul, scalar, sign, sub } from "@tensorflow/tfjs-core";
import type { PlainOptions } from "../config/configured.ts";
import { fractionOption } from "../config/kinds.ts";
import { float32Complement } from "./parts/float32.ts";
import { Optimizer, type UpdateStep } from "./optimizer.ts";
import { type OptimizerConfig, optimizerOptionsWith } from "./optimizer-config.ts";

export interface LionConfig extends OptimizerConfig {
  /** Share of the momentum in what decides a step's direction, in (0, 1]. Default: 0.9. */
  readonly beta1?: number;
  /** Share of the past in the momentum, in [0, 1). Default: 0.99. */
  readonly beta2?: number;
}

/**
 * Moves every element by the same length: `w = w - learningRate * sign(beta1 * m + (1 - beta1) * g)`, then
 * `m = beta2 * m + (1 - beta2) * g`, with a default learning rate of 0.001.
 *
 * Source: Chen et al., NeurIPS 2023; Keras 3 `Lion`.
 */
export class Lion extends Optimizer<"momentum"> {
  static override readonly className: string = "Lion";
  static override readonly options: PlainOptions<LionConfig> = optimizerOptionsWith(0.001, {
    beta1: Option.within("in (0, 1]", (value) => value > 0 && value <= 1)
      .default(0.9)
      .savedAs("beta_1"),
    beta2: fractionOption().default(0.99).savedAs("beta_2"),
  });
  readonly beta1: number;
  readonly beta2: number;
  protected override readonly slotNames: readonly "momentum"[] = ["momentum"];

  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: LionConfig = {}) {
    super(config);
    ({ beta1: this.beta1, beta2: this.beta2 } = this.settle(config, Lion.options));
  }

  protected override update({ weights, learningRate }: UpdateStep<"momentum">): void {
    const rate = scalar(learningRate);
    const [share1, share2] = [float32Complement(this.beta1), float32Complement(this.beta2)];
    for (const { variable, gradient, slots } of weights) {
      const direction = sign(add(mul(slots.momentum, this.beta1), mul(gradient, share1)));
      variable.assign(sub(variable, mul(rate, direction)));
      slots.momentum.assign(add(mul(slots.momentum, this.beta2), mul(gradient, share2)));
    }
  }
}
