import type { FixedShape, HostArray } from "@featuremap/tensor";
import { type Tensor, cast, expandDims, squeeze } from "@tensorflow/tfjs-core";
import type { PlainOptions } from "../config/configured.ts";
import { functionOption } from "../config/kinds.ts";
import { givenTensor } from "../config/given-tensor.ts";
import { Loss, type LossConfig, lossOptions } from "./loss.ts";

/**
 * How far an output is from its target, as a formula of tfjs's operations.
 *
 * @param yTrue float32, in the output's shape or without its last axis
 * @param yPred float32 `[batch, ...]`
 * @returns a loss for each example, `[batch]`, or several for each: `[batch, ...]`
 */
export type LossFunction = (yTrue: Tensor, yPred: Tensor) => Tensor;

export interface FunctionLossConfig extends LossConfig {
  readonly fn: LossFunction;
}

/**
 * A loss that is one function. An option that takes a loss takes the function itself too.
 *
 * Its name is the function's. An axis of length 1 that only the target or only the output has is dropped or added first.
 * Source: Keras 3, which wraps functions in `LossFunctionWrapper`.
 */
export class FunctionLoss extends Loss {
  static override readonly className: string = "FunctionLoss";
  static override readonly options: PlainOptions<FunctionLossConfig> = {
    fn: functionOption<LossFunction>(),
    ...lossOptions,
  };
  readonly fn: LossFunction;

  /** @throws {InvalidConfigError} an option is unknown, or `fn` is not a function. */
  constructor(config: FunctionLossConfig) {
    super(config);
    this.fn = this.settle(config, FunctionLoss.options).fn;
  }

  protected override usualName({ fn }: Partial<FunctionLossConfig>): string {
    return (typeof fn === "function" && fn.name) || "function_loss";
  }

  override call(target: Tensor, output: Tensor): Tensor {
    const given: unknown = this.fn(...ofSameRank(cast(target, "float32"), output));
    return givenTensor("FunctionLoss", `the function ${this.name}`, given);
  }

  /** Leaves all checks to the function. */
  override checkTarget(_target: HostArray, _output: FixedShape): void {}
}

/** Both, with the same number of axes if they differ only by a last axis of length 1. Source: Keras. */
function ofSameRank(target: Tensor, output: Tensor): [Tensor, Tensor] {
  if (target.rank === output.rank + 1 && target.shape.at(-1) === 1) {
    return output.rank === 1 ? [target, expandDims(output, -1)] : [squeeze(target, [-1]), output];
  }
  if (output.rank === target.rank + 1 && output.shape.at(-1) === 1) {
    return target.rank === 1 ? [expandDims(target, -1), output] : [target, squeeze(output, [-1])];
  }
  return [target, output];
}
