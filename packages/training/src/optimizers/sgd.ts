import { Option } from "@featuremap/tensor";
import type { PlainOptions } from "../config/configured.ts";
import { add, mul, scalar, sub } from "@tensorflow/tfjs-core";
import { fractionOption } from "../config/kinds.ts";
import type { InPlaceRule } from "@featuremap/operations";
import { Optimizer, type UpdateStep } from "./optimizer.ts";
import { type OptimizerConfig, optimizerOptionsWith } from "./optimizer-config.ts";

export interface SGDConfig extends OptimizerConfig {
  /** Share of the last step's movement that is kept, in [0, 1). Default: 0. */
  readonly momentum?: number;
  /** Whether the gradient counts where the momentum leads. Needs `momentum` to matter. Default: false. */
  readonly nesterov?: boolean;
}

/**
 * Stochastic gradient descent: `w = w - learningRate * g`, with a default learning rate of 0.01.
 *
 * With momentum: `m = momentum * m - learningRate * g`, then `w = w + m`, or, with `nesterov`,
 * `w = w + momentum * m - learningRate * g`.
 * Source: Keras 3 `SGD`.
 */
export class SGD extends Optimizer<"momentum"> {
  static override readonly className: string = "SGD";
  static override readonly options: PlainOptions<SGDConfig> = optimizerOptionsWith(0.01, {
    momentum: fractionOption().default(0),
    nesterov: Option.flag().default(false),
  });
  readonly momentum: number;
  readonly nesterov: boolean;
  protected override readonly slotNames: readonly "momentum"[];

  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: SGDConfig = {}) {
    super(config);
    ({ momentum: this.momentum, nesterov: this.nesterov } = this.settle(config, SGD.options));
    this.slotNames = this.momentum === 0 ? [] : ["momentum"];
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
