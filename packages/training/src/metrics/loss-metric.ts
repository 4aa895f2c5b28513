import type { FixedShape } from "@featuremap/tensor";
import { type Rank, type Tensor, cast, concat1d, mul, reshape, scalar, sum } from "@tensorflow/tfjs-core";
import { givenTensor } from "../config/given-tensor.ts";
import type { Loss } from "../losses/loss.ts";
import { Metric, ratio, weightsFor } from "./metric.ts";

/** The mean of a loss over all examples that it does not mask out. */
export abstract class LossMetric extends Metric {
  static override readonly className: string = "LossMetric";
  abstract readonly loss: Loss;

  override length(): number {
    return 2;
  }

  /** The sum of losses, then their number, or that of their weights. */
  override measure(target: Tensor, output: Tensor, sampleWeight?: Tensor, logits?: Tensor): Tensor {
    const values = givenTensor(this.loss.name, "call", this.loss.call(target, output, { logits }));
    const mask = this.loss.mask(target, output);
    const weights = [
      ...(mask ? [cast(mask, "float32")] : []),
      ...(sampleWeight ? [weightsFor(this.name, sampleWeight, values.shape)] : []),
    ];
    const weighted = weights.reduce((product: Tensor, weight) => mul(product, weight), values);
    const [first, second] = weights;
    const count = first ? sum(second ? mul(first, second) : first) : scalar(values.size);
    return concat1d([sum(weighted), count].map((each) => reshape<Rank.R1>(each, [1])));
  }

  override count(output: FixedShape): number {
    return output[0] ?? 0;
  }

  override result(sums: Float64Array): number {
    return ratio(sums[0] ?? 0, sums[1] ?? 0);
  }
}
