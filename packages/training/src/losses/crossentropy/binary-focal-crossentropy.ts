import { Option } from "@featuremap/tensor";
import { type Tensor, add, mean, mul, pow, scalar, sigmoid, sub } from "@tensorflow/tfjs-core";
import { sigmoidCrossentropy } from "@featuremap/operations";
import type { PlainOptions } from "../../config/configured.ts";
import { type BinaryCrossentropyConfig, binaryCrossentropy } from "./binary-crossentropy.ts";
import { crossentropyOptions } from "./crossentropy-options.ts";
import { smoothLabels } from "./label-smoothing.ts";
import { PairedLoss } from "../paired-loss.ts";

export interface BinaryFocalCrossentropyConfig extends BinaryCrossentropyConfig {
  /** Whether yes counts `alpha` times and no `1 - alpha` times. Default: false. */
  readonly applyClassBalancing?: boolean;
  /** Weight of yes where classes are balanced. Default: 0.25. */
  readonly alpha?: number;
  /** How much less predictions count that are already right; with 0 all count alike. Default: 2. */
  readonly gamma?: number;
}

/**
 * Cross-entropy of yes-or-no labels in which a prediction counts less the closer it is to its label:
 * `-(1 - q)^gamma log q`, where `q` is the probability given to the label, averaged over the last axis.
 *
 * `log q` comes from probabilities clipped to [1e-7, 1 - 1e-7], or from logits through {@link sigmoidCrossentropy}.
 * Shape: target and output `[batch, ..., units]` to `[batch, ...]`; a target may leave out `units` if it is 1.
 * Source: Lin et al., ICCV 2017; Keras 3 `BinaryFocalCrossentropy`.
 * @differs as a trainer's loss, rejects labels outside [0, 1]; takes the logits of a final sigmoid only, also behind `Reshape` or `Flatten`;
 * Keras on TensorFlow takes those of a softmax too, and none behind a reshape
 */
export class BinaryFocalCrossentropy extends PairedLoss {
  static override readonly className: string = "BinaryFocalCrossentropy";
  static override readonly options: PlainOptions<BinaryFocalCrossentropyConfig> = {
    applyClassBalancing: Option.flag().default(false),
    alpha: Option.nonNegative().default(0.25),
    gamma: Option.nonNegative().default(2),
    ...crossentropyOptions,
  };
  readonly applyClassBalancing: boolean;
  readonly alpha: number;
  readonly gamma: number;
  readonly fromLogits: boolean;
  readonly labelSmoothing: number;
  readonly axis: number;
  override readonly activation = "sigmoid";
  protected override readonly targetsAreShares = true;

  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: BinaryFocalCrossentropyConfig = {}) {
    super(config);
    const settled = this.settle(config, BinaryFocalCrossentropy.options);
    ({ applyClassBalancing: this.applyClassBalancing, alpha: this.alpha, gamma: this.gamma } = settled);
    ({ fromLogits: this.fromLogits, labelSmoothing: this.labelSmoothing, axis: this.axis } = settled);
  }

  protected override between(target: Tensor, output: Tensor, logits?: Tensor): Tensor {
    const labels = smoothLabels(target, this.labelSmoothing, 2);
    const no = sub(1, labels);
    const probabilities = this.fromLogits ? sigmoid(output) : output;
    const right = add(mul(labels, probabilities), mul(no, sub(1, probabilities)));
    // With fromLogits, this loss takes the sigmoid itself, of the output, whatever computed that.
    const known = this.fromLogits ? output : logits;
    const crossentropy = known ? sigmoidCrossentropy(labels, known) : binaryCrossentropy(labels, probabilities);
    const focal = mul(pow(sub(1, right), scalar(this.gamma)), crossentropy);
    const balance = add(mul(labels, this.alpha), mul(no, 1 - this.alpha));
    return mean(this.applyClassBalancing ? mul(balance, focal) : focal, this.axis);
  }
}
