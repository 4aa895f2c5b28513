import type { FixedShape, HostArray } from "@featuremap/tensor";
import { type Tensor, cast, reshape } from "@tensorflow/tfjs-core";
import { alignedTargetShape } from "./align-shapes.ts";
import { Loss } from "./loss.ts";

/** A loss whose target has a number for every number of the output: what regression losses have in common. */
export abstract class PairedLoss extends Loss {
  /**
   * One loss for each row of the last axis.
   *
   * @param target float32 `[batch, ..., units]`
   * @param output float32 `[batch, ..., units]`
   */
  protected abstract between(target: Tensor, output: Tensor): Tensor;

  override call(target: Tensor, output: Tensor): Tensor {
    return this.between(this.aligned(target, output), output);
  }

  /** The target as float32, in the shape of the output. @throws {ShapeError} it does not fit. */
  protected aligned(target: Tensor, output: Tensor): Tensor {
    const shape = alignedTargetShape(this.constructor.name, target.shape, output.shape);
    return reshape(cast(target, "float32"), [...shape]);
  }

  override checkTarget(target: HostArray, output: FixedShape): void {
    alignedTargetShape(this.constructor.name, target.shape, output);
  }
}
