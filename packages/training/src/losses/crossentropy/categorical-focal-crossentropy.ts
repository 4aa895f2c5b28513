import { type FixedShape, type HostArray, InvalidConfigError, Option } from "@featuremap/tensor";
import { type Tensor, log, mul, neg, pow, scalar, softmax, sub, sum, tensor } from "@tensorflow/tfjs-core";
import type { PlainOptions } from "../../config/configured.ts";
import { oneOrMoreOption } from "../../config/kinds.ts";
import { type CategoricalCrossentropyConfig, normalizedProbabilities } from "./categorical-crossentropy.ts";
import { crossentropyOptions } from "./crossentropy-options.ts";
import { requireClasses } from "../check-labels.ts";
import { classesLast } from "../class-axis.ts";
import { smoothLabels } from "./label-smoothing.ts";
import { PairedLoss } from "../paired-loss.ts";

export interface CategoricalFocalCrossentropyConfig extends CategoricalCrossentropyConfig {
  /** One weight for all classes, or one for each. Default: 0.25. */
  readonly alpha?: number | readonly number[];
  /** How much less predictions count that are already right; with 0 all count alike. Default: 2. */
  readonly gamma?: number;
}

/**
 * Cross-entropy in which a prediction counts less the closer it is to its label:
 * `-sum_k alpha_k (1 - p_k)^gamma y_k log p_k`, of probabilities divided by their sum.
 *
 * Shape: target and output `[batch, ..., classes]` to `[batch, ...]`.
 * Source: Lin et al., ICCV 2017; Keras 3 `CategoricalFocalCrossentropy`.
 * @differs as a trainer's loss, rejects labels outside [0, 1] and outputs with one class
 */
export class CategoricalFocalCrossentropy extends PairedLoss {
  static override readonly className: string = "CategoricalFocalCrossentropy";
  static override readonly options: PlainOptions<CategoricalFocalCrossentropyConfig> = {
    alpha: oneOrMoreOption(
      "a number of at least 0, or a list of them",
      (weight) => Number.isFinite(weight) && weight >= 0,
    ).default(0.25),
    gamma: Option.nonNegative().default(2),
    ...crossentropyOptions,
  };
  readonly alpha: readonly number[];
  readonly gamma: number;
  readonly fromLogits: boolean;
  readonly labelSmoothing: number;
  readonly axis: number;
  protected override readonly targetsAreShares = true;

  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: CategoricalFocalCrossentropyConfig = {}) {
    super(config);
    const { alpha, ...settled } = this.settle(config, CategoricalFocalCrossentropy.options);
    this.alpha = typeof alpha === "number" ? [alpha] : alpha;
    ({ gamma: this.gamma, fromLogits: this.fromLogits } = settled);
    ({ labelSmoothing: this.labelSmoothing, axis: this.axis } = settled);
  }

  override checkTarget(target: HostArray, output: FixedShape): void {
    requireClasses("CategoricalFocalCrossentropy", output, this.axis);
    super.checkTarget(target, output);
  }

  protected override between(target: Tensor, output: Tensor): Tensor {
    const owner = "CategoricalFocalCrossentropy";
    const smooth = smoothLabels(target, this.labelSmoothing, target.shape.at(-1) ?? 1);
    const labels = classesLast(owner, smooth, this.axis);
    const scores = classesLast(owner, output, this.axis);
    const classes = scores.shape.at(-1) ?? 1;
    if (this.alpha.length !== 1 && this.alpha.length !== classes) {
      throw new InvalidConfigError(owner, "alpha", `a number, or ${classes} of them`, this.alpha);
    }
    const probabilities = normalizedProbabilities(this.fromLogits ? softmax(scores) : scores);
    const crossentropy = neg(mul(labels, log(probabilities)));
    const factor = mul(pow(sub(1, probabilities), scalar(this.gamma)), tensor([...this.alpha]));
    return sum(mul(factor, crossentropy), -1);
  }
}
