import { type Tensor, add, log, maximum, mean, square, sub } from "@tensorflow/tfjs-core";
import { probabilityEpsilon } from "../crossentropy/epsilon.ts";
import { type LossOptions, lossOptions } from "../loss.ts";
import { PairedLoss } from "../paired-loss.ts";

/**
 * Squared difference of logarithms, averaged over the last axis: `mean((log(1 + y) - log(1 + p))^2)`, of what is below
 * 1e-7 as if it were that.
 *
 * Shape: target and output `[batch, ..., units]` to `[batch, ...]`; a target may leave out `units` if it is 1.
 * Source: Keras 3 `MeanSquaredLogarithmicError`.
 */
export class MeanSquaredLogarithmicError extends PairedLoss {
  static override readonly className: string = "MeanSquaredLogarithmicError";
  static override readonly options: LossOptions = lossOptions;

  protected override between(target: Tensor, output: Tensor): Tensor {
    const [y, p] = [target, output].map((x) => log(add(maximum(x, probabilityEpsilon), 1))) as [Tensor, Tensor];
    return mean(square(sub(y, p)), -1);
  }
}
