import type { FixedShape, HostArray } from "@featuremap/tensor";
import { type Tensor, clipByValue, div, log, mul, neg, sum } from "@tensorflow/tfjs-core";
import { softmaxCrossentropy } from "@featuremap/operations";
import { requireClasses } from "../check-labels.ts";
import { classesLast } from "../class-axis.ts";
import type { PlainOptions } from "../../config/configured.ts";
import { type CrossentropyConfig, crossentropyOptions } from "./crossentropy-options.ts";
import { probabilityEpsilon } from "./epsilon.ts";
import { smoothLabels } from "./label-smoothing.ts";
import type { LogitActivation } from "../loss.ts";
import { PairedLoss } from "../paired-loss.ts";

export interface CategoricalCrossentropyConfig extends CrossentropyConfig {
  /** Whether outputs are logits, from -infinity to infinity, rather than probabilities. Default: false. */
  readonly fromLogits?: boolean;
  /** Share of each label that is spread evenly over all classes, in [0, 1]. Default: 0. */
  readonly labelSmoothing?: number;
  /** The axis of classes. Default: -1. */
  readonly axis?: number;
}

/**
 * Cross-entropy of labels given as distributions, mostly one-hot rows: `-sum_k y_k log p_k`.
 *
 * Probabilities are divided by their sum and then clipped to [1e-7, 1 - 1e-7]; logits go through
 * {@link softmaxCrossentropy}.
 * Shape: target and output `[batch, ..., classes]` to `[batch, ...]`.
 * Source: Keras 3 `CategoricalCrossentropy`.
 * @differs as a trainer's loss, rejects labels outside [0, 1] and outputs with one class; takes the logits of a final softmax
 * only, also behind `Reshape` or `Flatten`; Keras on TensorFlow takes those of a sigmoid too, and none behind a reshape
 */
export class CategoricalCrossentropy extends PairedLoss {
  static override readonly className: string = "CategoricalCrossentropy";
  static override readonly options: PlainOptions<CategoricalCrossentropyConfig> = crossentropyOptions;
  readonly fromLogits: boolean;
  readonly labelSmoothing: number;
  readonly axis: number;
  override readonly activation: LogitActivation | undefined;
  protected override readonly targetsAreShares = true;

  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: CategoricalCrossentropyConfig = {}) {
    super(config);
    const settled = this.settle(config, CategoricalCrossentropy.options);
    ({ fromLogits: this.fromLogits, labelSmoothing: this.labelSmoothing, axis: this.axis } = settled);
    this.activation = this.axis === -1 ? "softmax" : undefined;
  }

  override checkTarget(target: HostArray, output: FixedShape): void {
    requireClasses("CategoricalCrossentropy", output, this.axis);
    super.checkTarget(target, output);
  }

  protected override between(target: Tensor, output: Tensor, logits?: Tensor): Tensor {
    const smooth = smoothLabels(target, this.labelSmoothing, target.shape.at(-1) ?? 1);
    const labels = classesLast("CategoricalCrossentropy", smooth, this.axis);
    const scores = classesLast("CategoricalCrossentropy", logits ?? output, this.axis);
    if (logits || this.fromLogits) return softmaxCrossentropy(labels, scores);
    return neg(sum(mul(labels, log(normalizedProbabilities(scores))), -1));
  }
}

/** Probabilities over their sum along the last axis, then clipped to [1e-7, 1 - 1e-7]. */
export function normalizedProbabilities(output: Tensor): Tensor {
  return clipByValue(div(output, sum(output, -1, true)), probabilityEpsilon, 1 - probabilityEpsilon);
}
