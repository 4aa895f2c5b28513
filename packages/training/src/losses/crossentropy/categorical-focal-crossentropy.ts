import { type FixedShape, type HostArray, InvalidConfigError, type OptionNames } from "@featuremap/tensor";
import { type Tensor, log, mul, neg, pow, scalar, softmax, sub, sum, tensor } from "@tensorflow/tfjs-core";
import { checkNotNegative } from "../../config/check-numbers.ts";
import { normalizedProbabilities } from "./categorical-crossentropy.ts";
import { requireClasses } from "../check-labels.ts";
import { classesLast } from "../class-axis.ts";
import { checkSmoothing, smoothLabels } from "./label-smoothing.ts";
import { type LossConfig, lossOptions } from "../loss.ts";
import { PairedLoss } from "../paired-loss.ts";

export interface CategoricalFocalCrossentropyConfig extends LossConfig {
  /** Weight of every class, or of each. Default: 0.25. */
  readonly alpha?: number | readonly number[];
  /** How little what is already right counts; with 0 all counts alike. Default: 2. */
  readonly gamma?: number;
  /** Whether outputs are logits, from -infinity to infinity, instead of probabilities. Default: false. */
  readonly fromLogits?: boolean;
  /** Share of each label that is spread evenly over all classes, in [0, 1]. Default: 0. */
  readonly labelSmoothing?: number;
  /** The axis of classes. Default: -1. */
  readonly axis?: number;
}

const options: OptionNames<CategoricalFocalCrossentropyConfig> = {
  alpha: true,
  gamma: true,
  fromLogits: true,
  labelSmoothing: true,
  axis: true,
  ...lossOptions,
};

/**
 * Cross-entropy in which the more a prediction is right, the less it counts:
 * `-sum_k alpha_k (1 - p_k)^gamma y_k log p_k`, of probabilities divided by their sum.
 *
 * Shape: target and output `[batch, ..., classes]` to `[batch, ...]`.
 * Source: Lin et al., ICCV 2017; Keras 3 `CategoricalFocalCrossentropy`.
 * @differs as a trainer's loss, rejects labels outside [0, 1] and outputs with one class
 */
export class CategoricalFocalCrossentropy extends PairedLoss {
  static override readonly className: string = "CategoricalFocalCrossentropy";
  readonly alpha: readonly number[];
  readonly gamma: number;
  readonly fromLogits: boolean;
  readonly labelSmoothing: number;
  readonly axis: number;
  protected override readonly targetsAreShares = true;

  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: CategoricalFocalCrossentropyConfig = {}) {
    super(config, options, "categorical_focal_crossentropy");
    const owner = "CategoricalFocalCrossentropy";
    const alpha = config.alpha ?? 0.25;
    this.alpha = typeof alpha === "number" ? [alpha] : [...alpha];
    for (const weight of this.alpha) checkNotNegative(owner, "alpha", weight);
    this.gamma = checkNotNegative(owner, "gamma", config.gamma ?? 2);
    this.fromLogits = config.fromLogits ?? false;
    this.labelSmoothing = checkSmoothing(owner, config.labelSmoothing ?? 0);
    this.axis = config.axis ?? -1;
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
