import { type Tensor, add, log, mean, mul, sub } from "@tensorflow/tfjs-core";
import { probabilityEpsilon } from "../crossentropy/epsilon.ts";
import { type LossOptions, lossOptions } from "../loss.ts";
import { PairedLoss } from "../paired-loss.ts";

/**
 * Poisson loss of predicted rates, averaged over the last axis: `mean(p - y log(p + 1e-7))`.
 *
 * Shape: target and output `[batch, ..., units]` to `[batch, ...]`; a target may leave out `units` if it is 1.
 * Source: Keras 3 `Poisson`.
 */
export class Poisson extends PairedLoss {
  static override readonly className: string = "Poisson";
  static override readonly options: LossOptions = lossOptions;

  protected override between(target: Tensor, output: Tensor): Tensor {
    return mean(sub(output, mul(target, log(add(output, probabilityEpsilon)))), -1);
  }
}
