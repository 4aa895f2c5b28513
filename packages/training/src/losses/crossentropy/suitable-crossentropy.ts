import type { FixedShape, HostArray } from "@featuremap/tensor";
import type { Tensor } from "@tensorflow/tfjs-core";
import { BinaryCrossentropy } from "./binary-crossentropy.ts";
import { CategoricalCrossentropy } from "./categorical-crossentropy.ts";
import { labelKind } from "./label-kind.ts";
import { nameOption } from "../../config/kinds.ts";
import { Loss, type LossContext, type LossOptions, lossOptions } from "../loss.ts";
import { SparseCategoricalCrossentropy } from "./sparse-categorical-crossentropy.ts";

/**
 * The crossentropy that suits labels and outputs: what the names `crossentropy` and `ce` stand for.
 *
 * Source: Keras 3 `get_loss` of `compile_utils`.
 */
export class SuitableCrossentropy extends Loss {
  static override readonly className: string = "SuitableCrossentropy";
  static override readonly options: LossOptions = { ...lossOptions, name: nameOption.default("crossentropy") };
  readonly #kinds = {
    binary: new BinaryCrossentropy(),
    sparse: new SparseCategoricalCrossentropy(),
    categorical: new CategoricalCrossentropy(),
  };

  override suiting(target: FixedShape, output: FixedShape): Loss {
    return this.#kinds[labelKind(target, output)];
  }

  override call(target: Tensor, output: Tensor, context?: LossContext): Tensor {
    return this.suiting(target.shape, output.shape).call(target, output, context);
  }

  override checkTarget(target: HostArray, output: FixedShape): void {
    this.suiting(target.shape, output).checkTarget(target, output);
  }
}
