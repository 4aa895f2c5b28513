import { type Tensor, abs, mean, sub } from "@tensorflow/tfjs-core";
import { type LossOptions, lossOptions } from "../loss.ts";
import { PairedLoss } from "../paired-loss.ts";

/**
 * Absolute difference, averaged over the last axis: `mean(|y - p|)`.
 *
 * Shape: target and output `[batch, ..., units]` to `[batch, ...]`; a target may leave out `units` if it is 1.
 * Source: Keras 3 `MeanAbsoluteError`.
 */
export class MeanAbsoluteError extends PairedLoss {
  static override readonly className: string = "MeanAbsoluteError";
  static override readonly options: LossOptions = lossOptions;

  protected override between(target: Tensor, output: Tensor): Tensor {
    return mean(abs(sub(target, output)), -1);
  }
}
