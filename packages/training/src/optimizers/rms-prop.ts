import { Option } from "@featuremap/tensor";
import type { PlainOptions } from "../config/configured.ts";
import { add, div, mul, scalar, sqrt, square, sub } from "@tensorflow/tfjs-core";
import { fractionOption } from "../config/kinds.ts";
import type { InPlaceRule } from "@featuremap/operations";
import { Optimizer, type UpdateStep } from "./optimizer.ts";
import { type OptimizerConfig, optimizerOptionsWith } from "./optimizer-config.ts";

export interface RMSpropConfig extends OptimizerConfig {
  /** Share of the past in the mean of squared gradients, in [0, 1). Default: 0.9. */
  readonly rho?: number;
  /** Share of the last step's movement that is kept, in [0, 1). Default: 0. */
  readonly momentum?: number;
  /** Keeps the root away from 0. Default: 1e-7. */
  readonly epsilon?: number;
  /** Whether to divide by the gradient's deviation from its own moving mean. Default: false. */
  readonly centered?: boolean;
}

type Slot = "velocity" | "momentum" | "averageGradient";

/**
 * Divides each gradient by the root of a moving mean of its square: `v = rho * v + (1 - rho) * g^2`,
 * `w = w - learningRate * g / sqrt(v + epsilon)`, with a default learning rate of 0.001.
 *
 * Centered, the root is that of `v - a^2 + epsilon`, with `a = rho * a + (1 - rho) * g`. With momentum, the weight moves
 * by `m = momentum * m + learningRate * g / root`.
 * Source: Tieleman and Hinton, lecture 6.5, 2012; Keras 3 `RMSprop`, with epsilon under the root.
 */
export class RMSprop extends Optimizer<Slot> {
  static override readonly className: string = "RMSprop";
  static override readonly options: PlainOptions<RMSpropConfig> = optimizerOptionsWith(0.001, {
    rho: fractionOption().default(0.9),
    momentum: fractionOption().default(0),
    epsilon: Option.nonNegative().default(1e-7),
    centered: Option.flag().default(false),
  });
  readonly rho: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly centered: boolean;
  protected override readonly slotNames: readonly Slot[];

  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: RMSpropConfig = {}) {
    super(config);
    ({
      rho: this.rho,
      momentum: this.momentum,
      epsilon: this.epsilon,
      centered: this.centered,
    } = this.settle(config, RMSprop.options));
    const slots: readonly Slot[] = ["velocity", "momentum", "averageGradient"];
    this.slotNames = slots.filter((name) =>
      name === "momentum" ? this.momentum > 0 : name === "velocity" || this.centered,
    );
  }

  protected override update({ weights, learningRate }: UpdateStep<Slot>): void {
    const rate = scalar(learningRate);
    const past = scalar(this.rho);
    const present = scalar(1 - this.rho);
    const epsilon = scalar(this.epsilon);
    const kept = scalar(this.momentum);
    for (const { variable, gradient, slots } of weights) {
      const velocity = add(mul(past, slots.velocity), mul(present, square(gradient)));
      slots.velocity.assign(velocity);
      let deviation = velocity;
      if (this.centered) {
        const average = add(mul(past, slots.averageGradient), mul(present, gradient));
        slots.averageGradient.assign(average);
        deviation = sub(velocity, square(average));
      }
      let movement = div(mul(rate, gradient), sqrt(add(deviation, epsilon)));
      if (this.momentum > 0) {
        movement = add(mul(kept, slots.momentum), movement);
        slots.momentum.assign(movement);
      }
      variable.assign(sub(variable, movement));
    }
  }

  protected override inPlaceRule({ learningRate }: UpdateStep<Slot>): InPlaceRule {
    const [plain, moving] = this.centered
      ? (["centeredRmsprop", "centeredRmspropWithMomentum"] as const)
      : (["rmsprop", "rmspropWithMomentum"] as const);
    return {
      rule: this.momentum > 0 ? moving : plain,
      rate: learningRate,
      decay: this.rho,
      share: 1 - this.rho,
      momentum: this.momentum,
      epsilon: this.epsilon,
    };
  }
}
