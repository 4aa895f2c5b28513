import { type Tensor, add, mean, mul, softplus, sub } from "@tensorflow/tfjs-core";
import { type LossOptions, lossOptions } from "../loss.ts";
import { PairedLoss } from "../paired-loss.ts";

/**
 * Logarithm of the hyperbolic cosine of the difference, averaged over the last axis: `mean(log cosh(p - y))`.
 *
 * Near 0 half the square, far away the absolute difference less `log 2`; computed as `d + softplus(-2 d) - log 2`.
 *
 * Shape: target and output `[batch, ..., units]` to `[batch, ...]`; a target may leave out `units` if it is 1.
 * Source: Keras 3 `LogCosh`.
 */
export class LogCosh extends PairedLoss {
  static override readonly className: string = "LogCosh";
  static override readonly options: LossOptions = lossOptions;

  protected override between(target: Tensor, output: Tensor): Tensor {
    const difference = sub(output, target);
    return mean(sub(add(difference, softplus(mul(difference, -2))), Math.LN2), -1);
  }
}
