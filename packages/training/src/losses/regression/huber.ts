import { InvalidConfigError, type OptionNames } from "@featuremap/tensor";
import { type Tensor, abs, add, mean, minimum, mul, square, sub } from "@tensorflow/tfjs-core";
import { type LossConfig, lossOptions } from "../loss.ts";
import { PairedLoss } from "../paired-loss.ts";

export interface HuberConfig extends LossConfig {
  /** Where the square ends and the straight line begins. Default: 1. */
  readonly delta?: number;
}

const options: OptionNames<HuberConfig> = { delta: true, ...lossOptions };

/**
 * Half the square of differences up to `delta`, and a straight line beyond, averaged over the last axis:
 * `d^2 / 2` where `|d| <= delta`, else `delta * |d| - delta^2 / 2`.
 *
 * Shape: target and output `[batch, ..., units]` to `[batch, ...]`; a target may leave out `units` if it is 1.
 * Source: Huber, 1964; Keras 3 `Huber`.
 */
export class Huber extends PairedLoss {
  static override readonly className: string = "Huber";
  readonly delta: number;

  /** @throws {InvalidConfigError} an option is unknown, or `delta` is not positive. */
  constructor(config: HuberConfig = {}) {
    super(config, options, "huber_loss");
    this.delta = config.delta ?? 1;
    if (!(this.delta > 0)) throw new InvalidConfigError("Huber", "delta", "a positive number", this.delta);
  }

  protected override between(target: Tensor, output: Tensor): Tensor {
    const distance = abs(sub(output, target));
    const near = minimum(distance, this.delta);
    return mean(add(mul(0.5, square(near)), mul(this.delta, sub(distance, near))), -1);
  }
}
