import { Option } from "@featuremap/tensor";
import type { PlainOptions } from "../config/configured.ts";
import { add, div, mul, scalar, sqrt, square, sub } from "@tensorflow/tfjs-core";
import { Optimizer, type UpdateStep } from "./optimizer.ts";
import { type OptimizerConfig, optimizerOptionsWith } from "./optimizer-config.ts";

export interface AdagradConfig extends OptimizerConfig {
  /** Where each sum of squared gradients starts. Default: 0.1. */
  readonly initialAccumulatorValue?: number;
  /** Keeps the root away from 0. Default: 1e-7. */
  readonly epsilon?: number;
}

/**
 * Divides each gradient by the root of the sum of all its squares: `a = a + g^2`,
 * `w = w - learningRate * g / sqrt(a + epsilon)`, with a default learning rate of 0.001.
 *
 * Source: Duchi, Hazan and Singer, JMLR 12, 2011; Keras 3 `Adagrad`.
 */
export class Adagrad extends Optimizer<"accumulator"> {
  static override readonly className: string = "Adagrad";
  static override readonly options: PlainOptions<AdagradConfig> = optimizerOptionsWith(0.001, {
    initialAccumulatorValue: Option.nonNegative().default(0.1),
    epsilon: Option.nonNegative().default(1e-7),
  });
  readonly initialAccumulatorValue: number;
  readonly epsilon: number;
  protected override readonly slotNames: readonly "accumulator"[] = ["accumulator"];

  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: AdagradConfig = {}) {
    super(config);
    ({ initialAccumulatorValue: this.initialAccumulatorValue, epsilon: this.epsilon } = this.settle(
      config,
      Adagrad.options,
    ));
  }

  protected override slotStart(): number {
    return this.initialAccumulatorValue;
  }

  protected override update({ weights, learningRate }: UpdateStep<"accumulator">): void {
    const rate = scalar(learningRate);
    for (const { variable, gradient, slots } of weights) {
      const accumulator = add(slots.accumulator, square(gradient));
      slots.accumulator.assign(accumulator);
      variable.assign(sub(variable, div(mul(rate, gradient), sqrt(add(accumulator, this.epsilon)))));
    }
  }
}
