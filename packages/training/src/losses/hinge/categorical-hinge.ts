import { type Tensor, add, maximum, mul, sub, sum } from "@tensorflow/tfjs-core";
import { sharedMaximum } from "@featuremap/operations";
import { type LossOptions, lossOptions } from "../loss.ts";
import { PairedLoss } from "../paired-loss.ts";

/**
 * How far the right class falls short of being 1 above all others: `max(max_k((1 - y_k) p_k) - sum_k(y_k p_k) + 1, 0)`.
 *
 * Shape: target and output `[batch, ..., units]` to `[batch, ...]`; a target may leave out `units` if it is 1.
 * Source: Keras 3 `CategoricalHinge`.
 */
export class CategoricalHinge extends PairedLoss {
  static override readonly className: string = "CategoricalHinge";
  static override readonly options: LossOptions = lossOptions;

  protected override between(target: Tensor, output: Tensor): Tensor {
    const right = sum(mul(target, output), -1);
    const other = sharedMaximum(mul(sub(1, target), output));
    return maximum(add(sub(other, right), 1), 0);
  }
}
