import { Option } from "@featuremap/tensor";
import type { PlainOptions } from "../config/configured.ts";
import { type Tensor, add, div, mul, scalar, sqrt, square, sub } from "@tensorflow/tfjs-core";
import { fractionOption } from "../config/kinds.ts";
import { Optimizer, type UpdateStep } from "./optimizer.ts";
import { type OptimizerConfig, optimizerOptionsWith } from "./optimizer-config.ts";

export interface AdadeltaConfig extends OptimizerConfig {
  /** Share of the past in the moving means, in [0, 1). Default: 0.95. */
  readonly rho?: number;
  /** Keeps the roots away from 0. Default: 1e-7. */
  readonly epsilon?: number;
}

type Slot = "accumulatedGradient" | "accumulatedDelta";

/**
 * Scales each gradient by the size of past movements over that of past gradients: `a = rho * a + (1 - rho) * g^2`,
 * `d = g * sqrt(b + epsilon) / sqrt(a + epsilon)`, `b = rho * b + (1 - rho) * d^2`, `w = w - learningRate * d`, with a
 * learning rate of 0.001 by default.
 *
 * Source: Zeiler, 2012, whose learning rate is 1; Keras 3 `Adadelta`.
 */
export class Adadelta extends Optimizer<Slot> {
  static override readonly className: string = "Adadelta";
  static override readonly options: PlainOptions<AdadeltaConfig> = optimizerOptionsWith(0.001, {
    rho: fractionOption().default(0.95),
    epsilon: Option.nonNegative().default(1e-7),
  });
  readonly rho: number;
  readonly epsilon: number;
  protected override readonly slotNames: readonly Slot[] = ["accumulatedGradient", "accumulatedDelta"];

  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: AdadeltaConfig = {}) {
    super(config);
    ({ rho: this.rho, epsilon: this.epsilon } = this.settle(config, Adadelta.options));
  }

  protected override update({ weights, learningRate }: UpdateStep<Slot>): void {
    const rate = scalar(learningRate);
    const mix = (past: Tensor, present: Tensor): Tensor => add(mul(past, this.rho), mul(present, 1 - this.rho));
    for (const { variable, gradient, slots } of weights) {
      const accumulated = mix(slots.accumulatedGradient, square(gradient));
      const root = sqrt(add(slots.accumulatedDelta, this.epsilon));
      const delta = div(mul(root, gradient), sqrt(add(accumulated, this.epsilon)));
      slots.accumulatedGradient.assign(accumulated);
      slots.accumulatedDelta.assign(mix(slots.accumulatedDelta, square(delta)));
      variable.assign(sub(variable, mul(rate, delta)));
    }
  }
}
