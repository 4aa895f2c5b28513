import { type Tensor, add, clipByValue, log, mean, mul, neg, sub } from "@tensorflow/tfjs-core";
import { sigmoidCrossentropy } from "@featuremap/operations";
import type { PlainOptions } from "../../config/configured.ts";
import { type CrossentropyConfig, crossentropyOptions } from "./crossentropy-options.ts";
import { probabilityEpsilon } from "./epsilon.ts";
import { smoothLabels } from "./label-smoothing.ts";
import { PairedLoss } from "../paired-loss.ts";

export interface BinaryCrossentropyConfig extends CrossentropyConfig {
  /** Whether outputs are logits, from -infinity to infinity, rather than probabilities. Default: false. */
  readonly fromLogits?: boolean;
  /** Share of each label that is moved halfway between no and yes, in [0, 1]. Default: 0. */
  readonly labelSmoothing?: number;
  /** The axis over which losses are averaged. Default: -1. */
  readonly axis?: number;
}

/**
 * Cross-entropy of yes-or-no labels: `-(y log p + (1 - y) log(1 - p))`, averaged over the last axis.
 *
 * Probabilities are first clipped to [1e-7, 1 - 1e-7]; logits go through {@link sigmoidCrossentropy}.
 * Shape: target and output `[batch, ..., units]` to `[batch, ...]`; a target may leave out `units` if it is 1.
 * Source: Keras 3 `BinaryCrossentropy`.
 * @differs as a trainer's loss, rejects labels outside [0, 1]; takes the logits of a final sigmoid only, also behind `Reshape` or `Flatten`;
 * Keras on TensorFlow takes those of a softmax too, and none behind a reshape
 */
export class BinaryCrossentropy extends PairedLoss {
  static override readonly className: string = "BinaryCrossentropy";
  static override readonly options: PlainOptions<BinaryCrossentropyConfig> = crossentropyOptions;
  readonly fromLogits: boolean;
  readonly labelSmoothing: number;
  readonly axis: number;
  override readonly activation = "sigmoid";
  protected override readonly targetsAreShares = true;

  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: BinaryCrossentropyConfig = {}) {
    super(config);
    const settled = this.settle(config, BinaryCrossentropy.options);
    ({ fromLogits: this.fromLogits, labelSmoothing: this.labelSmoothing, axis: this.axis } = settled);
  }

  protected override between(target: Tensor, output: Tensor, logits?: Tensor): Tensor {
    const labels = smoothLabels(target, this.labelSmoothing, 2);
    // What enters a sigmoid takes precedence, as in Keras: logits of a model that ends in a sigmoid are those.
    const known = logits ?? (this.fromLogits ? output : undefined);
    return mean(known ? sigmoidCrossentropy(labels, known) : binaryCrossentropy(labels, output), this.axis);
  }
}

/** `-(y log p + (1 - y) log(1 - p))` of each element, with probabilities clipped to [1e-7, 1 - 1e-7]. */
export function binaryCrossentropy(labels: Tensor, output: Tensor): Tensor {
  const probabilities = clipByValue(output, probabilityEpsilon, 1 - probabilityEpsilon);
  const yes = mul(labels, log(probabilities));
  const no = mul(sub(1, labels), log(sub(1, probabilities)));
  return neg(add(yes, no));
}
