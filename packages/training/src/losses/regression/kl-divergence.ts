import { type Tensor, clipByValue, div, log, mul, sum } from "@tensorflow/tfjs-core";
import { probabilityEpsilon } from "../crossentropy/epsilon.ts";
import { type LossOptions, lossOptions } from "../loss.ts";
import { PairedLoss } from "../paired-loss.ts";

/**
 * Kullback-Leibler divergence of the output from the target: `sum_k y_k log(y_k / p_k)`, both clipped to [1e-7, 1].
 *
 * Shape: target and output `[batch, ..., units]` to `[batch, ...]`; a target may leave out `units` if it is 1.
 * Source: Keras 3 `KLDivergence`.
 */
export class KLDivergence extends PairedLoss {
  static override readonly className: string = "KLDivergence";
  static override readonly options: LossOptions = lossOptions;

  protected override between(target: Tensor, output: Tensor): Tensor {
    const [y, p] = [target, output].map((values) => clipByValue(values, probabilityEpsilon, 1)) as [Tensor, Tensor];
    return sum(mul(y, log(div(y, p))), -1);
  }
}
