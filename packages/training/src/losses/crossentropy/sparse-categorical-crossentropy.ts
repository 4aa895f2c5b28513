import { type FixedShape, type HostArray, Option, refuseOptions } from "@featuremap/tensor";
import {
  type Tensor,
  cast,
  clipByValue,
  expandDims,
  log,
  notEqual,
  reshape,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { sparseSoftmaxCrossentropy } from "@featuremap/operations";
import type { PlainOptions } from "../../config/configured.ts";
import { anyIntegerOption } from "../../config/kinds.ts";
import { alignedLabelShape } from "../align-shapes.ts";
import { refuseLabel, requireClasses } from "../check-labels.ts";
import { classesLast } from "../class-axis.ts";
import { probabilityEpsilon } from "./epsilon.ts";
import { type LogitActivation, Loss, type LossConfig, type LossContext, lossOptions } from "../loss.ts";

export interface SparseCategoricalCrossentropyConfig extends LossConfig {
  /** Whether outputs are logits, from -infinity to infinity, rather than probabilities. Default: false. */
  readonly fromLogits?: boolean;
  /** A label, any integer, to ignore: its losses are 0 and do not count. Default: none. */
  readonly ignoreClass?: number | null;
  /** The axis of classes. Default: -1. */
  readonly axis?: number;
}

const owner = "SparseCategoricalCrossentropy";

/** Options that people try, and that Keras does not have either. */
const elsewhere = {
  labelsmoothing:
    'CategoricalCrossentropy smooths labels, and takes one-hot rows: labelMode: "categorical" of batches of files, oneHot: true of batches of arrays',
};

/**
 * Cross-entropy of labels given as class indices: `-log p_y`.
 *
 * Logits go through {@link sparseSoftmaxCrossentropy}. Probabilities are clipped to [1e-7, 1 - 1e-7], and their
 * logarithms are taken for logits, as Keras does it on TensorFlow: so rows need not add up to 1.
 * Shape: target `[batch, ...]` or `[batch, ..., 1]`, output `[batch, ..., classes]`, to `[batch, ...]`.
 * Source: Keras 3 `SparseCategoricalCrossentropy`.
 * @differs as a trainer's loss, rejects outputs with one class; takes the logits of a final softmax only, also behind
 * `Reshape` or `Flatten`; Keras on TensorFlow takes those of a sigmoid too, and none behind a reshape; as a metric with `ignoreClass`, is the mean over the examples
 * that are not ignored, as the loss is; Keras's metric divides by all examples
 */
export class SparseCategoricalCrossentropy extends Loss {
  static override readonly className: string = "SparseCategoricalCrossentropy";
  static override readonly options: PlainOptions<SparseCategoricalCrossentropyConfig> = {
    fromLogits: Option.flag().default(false),
    ignoreClass: anyIntegerOption().orNull(),
    reduction: lossOptions.reduction,
    axis: anyIntegerOption().default(-1).notNull(),
    name: lossOptions.name,
  };
  readonly fromLogits: boolean;
  readonly ignoreClass: number | undefined;
  readonly axis: number;
  override readonly activation: LogitActivation | undefined;

  /** @throws {InvalidConfigError} an option is unknown, or `ignoreClass` is not an integer. */
  constructor(config: SparseCategoricalCrossentropyConfig = {}) {
    const given = refuseOptions(owner, config, elsewhere);
    super(given);
    const { ignoreClass, ...settled } = this.settle(given, SparseCategoricalCrossentropy.options);
    this.ignoreClass = ignoreClass ?? undefined;
    ({ fromLogits: this.fromLogits, axis: this.axis } = settled);
    this.activation = this.axis === -1 ? "softmax" : undefined;
  }

  override call(target: Tensor, output: Tensor, { logits }: LossContext = {}): Tensor {
    const scores = classesLast(owner, logits ?? output, this.axis);
    const isLogits = this.fromLogits || logits !== undefined;
    const labels = this.#labels(target, output);
    const valid = this.mask(target, output);
    if (valid === undefined) return this.#losses(labels, scores, isLogits);
    const known = where(valid, labels, zerosLike(labels));
    const losses = this.#losses(known, where(expandDims(valid, -1), scores, zerosLike(scores)), isLogits);
    return where(valid, losses, zerosLike(losses));
  }

  override mask(target: Tensor, output: Tensor): Tensor | undefined {
    return this.ignoreClass === undefined ? undefined : notEqual(this.#labels(target, output), this.ignoreClass);
  }

  override checkTarget(target: HostArray, output: FixedShape): void {
    requireClasses(owner, output, this.axis);
    const axis = this.axis < 0 ? this.axis + output.length : this.axis;
    const classes = output[axis] ?? 0;
    alignedLabelShape(owner, target.shape, [...output.slice(0, axis), ...output.slice(axis + 1), classes]);
    const wrong = target.data.findIndex(
      (label) => !((Number.isInteger(label) && label >= 0 && label < classes) || label === this.ignoreClass),
    );
    refuseLabel(owner, target, wrong, `integers in [0, ${classes})`);
  }

  #labels(target: Tensor, output: Tensor): Tensor {
    const shape = alignedLabelShape(owner, target.shape, classesLast(owner, output, this.axis).shape);
    return reshape(cast(target, "int32"), [...shape]);
  }

  #losses(labels: Tensor, scores: Tensor, isLogits: boolean): Tensor {
    if (isLogits) return sparseSoftmaxCrossentropy(labels, scores);
    return sparseSoftmaxCrossentropy(labels, log(clipByValue(scores, probabilityEpsilon, 1 - probabilityEpsilon)));
  }
}
