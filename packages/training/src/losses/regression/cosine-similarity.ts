import { type Tensor, maximum, mul, neg, rsqrt, square, sum } from "@tensorflow/tfjs-core";
import { probabilityEpsilon } from "../crossentropy/epsilon.ts";
import type { PlainOptions } from "../../config/configured.ts";
import { anyIntegerOption } from "../../config/kinds.ts";
import { type LossConfig, lossOptions } from "../loss.ts";
import { PairedLoss } from "../paired-loss.ts";

export interface CosineSimilarityConfig extends LossConfig {
  /** The axis along which the vectors lie. Default: -1. */
  readonly axis?: number;
}

/**
 * The cosine of the angle between target and output, negated: -1 where they have one direction, 1 where the opposite.
 *
 * A vector of zeros has the cosine 0. Shape: target and output alike; the axis goes.
 * Source: Keras 3 `CosineSimilarity`.
 * @differs one class for loss and metric: in `metrics`, an instance gives minus the cosine, and the name
 * `"cosineSimilarity"` the cosine itself, like Keras's metric
 */
export class CosineSimilarity extends PairedLoss {
  static override readonly className: string = "CosineSimilarity";
  static override readonly options: PlainOptions<CosineSimilarityConfig> = {
    axis: anyIntegerOption().default(-1).notNull(),
    ...lossOptions,
  };
  readonly axis: number;

  /** @throws {InvalidConfigError} an option is unknown, or there is no such reduction. */
  constructor(config: CosineSimilarityConfig = {}) {
    super(config);
    this.axis = this.settle(config, CosineSimilarity.options).axis;
  }

  protected override between(target: Tensor, output: Tensor): Tensor {
    return neg(sum(mul(this.#normalized(target), this.#normalized(output)), this.axis));
  }

  #normalized(x: Tensor): Tensor {
    return mul(x, rsqrt(maximum(sum(square(x), this.axis, true), probabilityEpsilon ** 2)));
  }
}
