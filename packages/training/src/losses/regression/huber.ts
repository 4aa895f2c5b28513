import { type Tensor, abs, add, mean, minimum, mul, square, sub } from "@tensorflow/tfjs-core";
import type { PlainOptions } from "../../config/configured.ts";
import { nameOption, positiveOption } from "../../config/kinds.ts";
import { type LossConfig, lossOptions } from "../loss.ts";
import { PairedLoss } from "../paired-loss.ts";

export interface HuberConfig extends LossConfig {
  /** Where the square ends and the straight line begins. Default: 1. */
  readonly delta?: number;
}

/**
 * Half the square of differences up to `delta`, and a straight line beyond, averaged over the last axis:
 * `d^2 / 2` where `|d| <= delta`, else `delta * |d| - delta^2 / 2`.
 *
 * Shape: target and output `[batch, ..., units]` to `[batch, ...]`; a target may leave out `units` if it is 1.
 * Source: Huber, 1964; Keras 3 `Huber`.
 */
export class Huber extends PairedLoss {
  static override readonly className: string = "Huber";
  static override readonly options: PlainOptions<HuberConfig> = {
    delta: positiveOption().default(1),
    ...lossOptions,
    name: nameOption.default("huber_loss"),
  };
  readonly delta: number;

  /** @throws {InvalidConfigError} an option is unknown, or `delta` is not positive. */
  constructor(config: HuberConfig = {}) {
    super(config);
    this.delta = this.settle(config, Huber.options).delta;
  }

  protected override between(target: Tensor, output: Tensor): Tensor {
    const distance = abs(sub(output, target));
    const near = minimum(distance, this.delta);
    return mean(add(mul(0.5, square(near)), mul(this.delta, sub(distance, near))), -1);
  }
}
