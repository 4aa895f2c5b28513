import { type FixedShape, type HostArray, type OptionNames, checkOptions } from "@featuremap/tensor";
import { type Tensor, add, cast, clipByValue, log, mean, mul, neg, reshape, sub } from "@tensorflow/tfjs-core";
import { sigmoidCrossentropy } from "../operations/sigmoid-crossentropy.ts";
import { alignedTargetShape } from "./align-shapes.ts";
import { probabilityEpsilon } from "./epsilon.ts";
import { Loss, type LossContext } from "./loss.ts";

export interface BinaryCrossentropyConfig {
  /** Whether outputs are logits, from -infinity to infinity, instead of probabilities. Default: false. */
  readonly fromLogits?: boolean;
}

const lossOptions: OptionNames<BinaryCrossentropyConfig> = { fromLogits: true };

/**
 * Cross-entropy of yes-or-no labels: `-(y log p + (1 - y) log(1 - p))`, averaged over the last axis.
 *
 * Probabilities are first clipped to [1e-7, 1 - 1e-7]; logits go through {@link sigmoidCrossentropy}.
 * Shape: target and output `[batch, ..., units]` to `[batch, ...]`; a target may leave out `units` if it is 1.
 * Source: Keras 3 `BinaryCrossentropy`.
 */
export class BinaryCrossentropy extends Loss {
  readonly fromLogits: boolean;
  override readonly activation = "sigmoid";

  /** @throws {InvalidConfigError} an option is unknown. */
  constructor(config: BinaryCrossentropyConfig = {}) {
    checkOptions("BinaryCrossentropy", config, lossOptions);
    super();
    this.fromLogits = config.fromLogits ?? false;
  }

  override call(target: Tensor, output: Tensor, { logits }: LossContext = {}): Tensor {
    const labels = reshape(
      cast(target, "float32"),
      alignedTargetShape("BinaryCrossentropy", target.shape, output.shape) as number[],
    );
    if (this.fromLogits || logits) return mean(sigmoidCrossentropy(labels, logits ?? output), -1);
    const probabilities = clipByValue(output, probabilityEpsilon, 1 - probabilityEpsilon);
    const yes = mul(labels, log(probabilities));
    const no = mul(sub(1, labels), log(sub(1, probabilities)));
    return mean(neg(add(yes, no)), -1);
  }

  override checkTarget(target: HostArray, output: FixedShape): void {
    alignedTargetShape("BinaryCrossentropy", target.shape, output);
  }
}
