import type { FixedShape, HostArray } from "@featuremap/tensor";
import { type Tensor, cast, reshape } from "@tensorflow/tfjs-core";
import { classNameOf } from "../config/class-name.ts";
import { pairedShapes } from "./align-shapes.ts";
import { checkShares } from "./check-labels.ts";
import { Loss, type LossContext } from "./loss.ts";

/** A loss whose target has a number for every number of the output: what regression losses have in common. */
export abstract class PairedLoss extends Loss {
  static override readonly className: string = "PairedLoss";
  /**
   * Whether targets are probabilities, as in crossentropies: they are in [0, 1], and as in Keras an axis of length 1 is not
   * repeated to that of the output.
   */
  protected readonly targetsAreShares: boolean = false;

  /**
   * One loss for each row of the last axis.
   *
   * @param target float32 `[batch, ..., units]`
   * @param output float32 `[batch, ..., units]`
   * @param logits what entered the {@link Loss.activation} that made the output, where it is known, in its shape
   */
  protected abstract between(target: Tensor, output: Tensor, logits?: Tensor): Tensor;

  override call(target: Tensor, output: Tensor, { logits }: LossContext = {}): Tensor {
    const shapes = pairedShapes(classNameOf(this), target.shape, output.shape, !this.targetsAreShares);
    const beside = (x: Tensor): Tensor => reshape(x, [...shapes.output]);
    const labels = reshape(cast(target, "float32"), [...shapes.target]);
    return this.between(labels, beside(output), logits && beside(logits));
  }

  override checkTarget(target: HostArray, output: FixedShape): void {
    pairedShapes(classNameOf(this), target.shape, output, !this.targetsAreShares);
    if (this.targetsAreShares) checkShares(classNameOf(this), target);
  }
}
