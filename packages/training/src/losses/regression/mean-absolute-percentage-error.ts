import { type Tensor, abs, div, maximum, mean, mul, sub } from "@tensorflow/tfjs-core";
import { probabilityEpsilon } from "../crossentropy/epsilon.ts";
import { type LossOptions, lossOptions } from "../loss.ts";
import { PairedLoss } from "../paired-loss.ts";

/**
 * Absolute difference in percent of the target, averaged over the last axis: `100 mean(|y - p| / max(|y|, 1e-7))`.
 *
 * Shape: target and output `[batch, ..., units]` to `[batch, ...]`; a target may leave out `units` if it is 1.
 * Source: Keras 3 `MeanAbsolutePercentageError`.
 */
export class MeanAbsolutePercentageError extends PairedLoss {
  static override readonly className: string = "MeanAbsolutePercentageError";
  static override readonly options: LossOptions = lossOptions;

  protected override between(target: Tensor, output: Tensor): Tensor {
    const share = abs(div(sub(target, output), maximum(abs(target), probabilityEpsilon)));
    return mul(100, mean(share, -1));
  }
}
