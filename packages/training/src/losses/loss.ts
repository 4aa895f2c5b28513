import type { FixedShape, HostArray } from "@featuremap/tensor";
import { type Scalar, type Tensor, mean } from "@tensorflow/tfjs-core";

/** Activations whose inputs a loss may take instead of their outputs. */
export type LogitActivation = "softmax" | "sigmoid";

/** What a loss may be told beside the output. */
export interface LossContext {
  /** What entered the activation {@link Loss.activation} that made the output. */
  readonly logits?: Tensor | undefined;
}

/**
 * What training makes small: how far outputs are from their targets.
 *
 * Source: Keras 3 `Loss`, with its default reduction `sum_over_batch_size`.
 */
export abstract class Loss {
  /** The activation whose logits this loss works on where it can get them: they lose no precision near 0 and 1. */
  readonly activation: LogitActivation | undefined = undefined;

  /**
   * One loss an example: `[batch, ...]` to `[batch]`, or one for each row of the last axis where there are more axes.
   *
   * @param target int32 or float32
   * @param output float32 `[batch, ...]`
   * @throws {ShapeError} target and output do not fit.
   */
  abstract call(target: Tensor, output: Tensor, context?: LossContext): Tensor;

  /**
   * Checks labels while they are still in the host's memory, where it costs next to nothing.
   *
   * @throws {ShapeError} labels and output do not fit.
   * @throws {InvalidConfigError} a label has a value that this loss cannot take.
   */
  abstract checkTarget(target: HostArray, output: FixedShape): void;

  /** The mean of {@link call} over all its elements: the scalar that training differentiates. */
  apply(target: Tensor, output: Tensor, context: LossContext = {}): Scalar {
    return mean(this.call(target, output, context));
  }
}
