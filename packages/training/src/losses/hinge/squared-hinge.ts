import { type Tensor, maximum, mean, mul, square, sub } from "@tensorflow/tfjs-core";
import { type LossOptions, lossOptions } from "../loss.ts";
import { PairedLoss } from "../paired-loss.ts";
import { signedLabels } from "./signed-labels.ts";

/**
 * The square of what outputs fall short of a margin of 1, averaged over the last axis: `mean(max(1 - y p, 0)^2)`.
 *
 * Labels are -1 and 1; where all of a batch are 0 or 1, they are taken for those.
 *
 * Shape: target and output `[batch, ..., units]` to `[batch, ...]`; a target may leave out `units` if it is 1.
 * Source: Keras 3 `SquaredHinge`.
 */
export class SquaredHinge extends PairedLoss {
  static override readonly className: string = "SquaredHinge";
  static override readonly options: LossOptions = lossOptions;

  protected override between(target: Tensor, output: Tensor): Tensor {
    return mean(square(maximum(sub(1, mul(signedLabels(target), output)), 0)), -1);
  }
}
