import { type Tensor, maximum, mean, mul, sub } from "@tensorflow/tfjs-core";
import { type LossOptions, lossOptions } from "../loss.ts";
import { PairedLoss } from "../paired-loss.ts";
import { signedLabels } from "./signed-labels.ts";

/**
 * How far outputs fall short of a margin of 1 on the label's side, averaged over the last axis: `mean(max(1 - y p, 0))`.
 *
 * Labels are -1 and 1; where all of a batch are 0 or 1, they are taken for those.
 *
 * Shape: target and output `[batch, ..., units]` to `[batch, ...]`; a target may leave out `units` if it is 1.
 * Source: Keras 3 `Hinge`.
 */
export class Hinge extends PairedLoss {
  static override readonly className: string = "Hinge";
  static override readonly options: LossOptions = lossOptions;

  protected override between(target: Tensor, output: Tensor): Tensor {
    return mean(maximum(sub(1, mul(signedLabels(target), output)), 0), -1);
  }
}
