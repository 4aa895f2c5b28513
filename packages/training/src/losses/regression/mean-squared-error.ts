import { type Tensor, mean, square, sub } from "@tensorflow/tfjs-core";
import { type LossOptions, lossOptions } from "../loss.ts";
import { PairedLoss } from "../paired-loss.ts";

/**
 * Squared difference, averaged over the last axis: `mean((y - p)^2)`.
 *
 * Shape: target and output `[batch, ..., units]` to `[batch, ...]`; a target may leave out `units` if it is 1.
 * Source: Keras 3 `MeanSquaredError`.
 */
export class MeanSquaredError extends PairedLoss {
  static override readonly className: string = "MeanSquaredError";
  static override readonly options: LossOptions = lossOptions;

  protected override between(target: Tensor, output: Tensor): Tensor {
    return mean(square(sub(target, output)), -1);
  }
}
