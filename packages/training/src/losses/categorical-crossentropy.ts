import { type FixedShape, type HostArray, type OptionNames, checkOptions } from "@featuremap/tensor";
import { type Tensor, cast, clipByValue, div, log, mul, neg, reshape, sum } from "@tensorflow/tfjs-core";
import { softmaxCrossentropy } from "../operations/softmax-crossentropy.ts";
import { alignedTargetShape } from "./align-shapes.ts";
import { probabilityEpsilon } from "./epsilon.ts";
import { Loss, type LossContext } from "./loss.ts";

export interface CategoricalCrossentropyConfig {
  /** Whether outputs are logits, from -infinity to infinity, instead of probabilities. Default: false. */
  readonly fromLogits?: boolean;
}

const lossOptions: OptionNames<CategoricalCrossentropyConfig> = { fromLogits: true };

/**
 * Cross-entropy of labels given as distributions, mostly one-hot rows: `-sum_k y_k log p_k`.
 *
 * Probabilities are divided by their sum and then clipped to [1e-7, 1 - 1e-7]; logits go through
 * {@link softmaxCrossentropy}.
 * Shape: target and output `[batch, ..., classes]` to `[batch, ...]`.
 * Source: Keras 3 `CategoricalCrossentropy`.
 */
export class CategoricalCrossentropy extends Loss {
  readonly fromLogits: boolean;
  override readonly activation = "softmax";

  /** @throws {InvalidConfigError} an option is unknown. */
  constructor(config: CategoricalCrossentropyConfig = {}) {
    checkOptions("CategoricalCrossentropy", config, lossOptions);
    super();
    this.fromLogits = config.fromLogits ?? false;
  }

  override call(target: Tensor, output: Tensor, { logits }: LossContext = {}): Tensor {
    const labels = reshape(
      cast(target, "float32"),
      alignedTargetShape("CategoricalCrossentropy", target.shape, output.shape) as number[],
    );
    if (this.fromLogits || logits) return softmaxCrossentropy(labels, logits ?? output);
    const normalized = div(output, sum(output, -1, true));
    const probabilities = clipByValue(normalized, probabilityEpsilon, 1 - probabilityEpsilon);
    return neg(sum(mul(labels, log(probabilities)), -1));
  }

  override checkTarget(target: HostArray, output: FixedShape): void {
    alignedTargetShape("CategoricalCrossentropy", target.shape, output);
  }
}
