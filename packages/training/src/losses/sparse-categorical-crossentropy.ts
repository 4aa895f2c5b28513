import {
  type FixedShape,
  type HostArray,
  InvalidConfigError,
  type OptionNames,
  checkOptions,
} from "@featuremap/tensor";
import { type Tensor, cast, clipByValue, log, reshape } from "@tensorflow/tfjs-core";
import { sparseSoftmaxCrossentropy } from "../operations/softmax-crossentropy.ts";
import { alignedLabelShape } from "./align-shapes.ts";
import { probabilityEpsilon } from "./epsilon.ts";
import { Loss, type LossContext } from "./loss.ts";

export interface SparseCategoricalCrossentropyConfig {
  /** Whether outputs are logits, from -infinity to infinity, instead of probabilities. Default: false. */
  readonly fromLogits?: boolean;
}

const lossOptions: OptionNames<SparseCategoricalCrossentropyConfig> = { fromLogits: true };

/**
 * Cross-entropy of labels given as class indices: `-log p_y`.
 *
 * Logits go through {@link sparseSoftmaxCrossentropy}. Probabilities are clipped to [1e-7, 1 - 1e-7], and their
 * logarithms are taken for logits, as Keras does it on TensorFlow: so rows need not add up to 1.
 * Shape: target `[batch, ...]` or `[batch, ..., 1]`, output `[batch, ..., classes]`, to `[batch, ...]`.
 * Source: Keras 3 `SparseCategoricalCrossentropy`.
 */
export class SparseCategoricalCrossentropy extends Loss {
  readonly fromLogits: boolean;
  override readonly activation = "softmax";

  /** @throws {InvalidConfigError} an option is unknown. */
  constructor(config: SparseCategoricalCrossentropyConfig = {}) {
    checkOptions("SparseCategoricalCrossentropy", config, lossOptions);
    super();
    this.fromLogits = config.fromLogits ?? false;
  }

  override call(target: Tensor, output: Tensor, { logits }: LossContext = {}): Tensor {
    const shape = alignedLabelShape("SparseCategoricalCrossentropy", target.shape, output.shape);
    const labels = reshape(cast(target, "int32"), shape as number[]);
    if (this.fromLogits || logits) return sparseSoftmaxCrossentropy(labels, logits ?? output);
    const probabilities = clipByValue(output, probabilityEpsilon, 1 - probabilityEpsilon);
    return sparseSoftmaxCrossentropy(labels, log(probabilities));
  }

  override checkTarget(target: HostArray, output: FixedShape): void {
    alignedLabelShape("SparseCategoricalCrossentropy", target.shape, output);
    const classes = output.at(-1) ?? 0;
    const wrong = target.data.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < classes));
    if (wrong >= 0) {
      const expected = `integers in [0, ${classes})`;
      throw new InvalidConfigError("SparseCategoricalCrossentropy", "labels", expected, target.data[wrong]);
    }
  }
}
