import type { FixedShape, HostArray } from "@featuremap/tensor";
import type { Tensor } from "@tensorflow/tfjs-core";
import { givenTensor } from "../config/given-tensor.ts";
import { classNameOf, declaringClassName } from "../config/class-name.ts";
import { Configured } from "../config/configured.ts";
import { nameOption } from "../config/kinds.ts";
import { snakeCase } from "../config/resolve-name.ts";
import { type Reduction, type ReductionName, reduceLosses, reductionOption } from "./reduction.ts";

/** Activations whose inputs a loss may take instead of their outputs. */
export type LogitActivation = "softmax" | "sigmoid";

/** What every loss takes beside its own options. */
export interface LossConfig {
  /**
   * How the losses of a batch become one number: their mean (`sumOverBatchSize`, `mean`), their sum, their mean
   * weighted by the sample weights, or not at all (`none` or null, with which nothing can be trained). Default: `sumOverBatchSize`.
   */
  readonly reduction?: Reduction | null;
  /** Its key in logs where it is used as a metric. Default: the class's `className` in snake_case, as in Keras. */
  readonly name?: string;
}

/** The declarations of {@link LossConfig}'s options. */
export type LossOptions = Readonly<{ reduction: typeof reductionOption; name: typeof nameOption }>;

/** For subclasses to declare their own options beside, as their `static options`. */
export const lossOptions: LossOptions = { reduction: reductionOption, name: nameOption };

/** What a loss may be given beside the output. */
export interface LossContext {
  /** What entered the activation {@link Loss.activation} that made the output. */
  readonly logits?: Tensor | undefined;
  /** How much each example counts: float32 `[batch]`, or one weight for each of its losses. */
  readonly sampleWeight?: Tensor | undefined;
}

/**
 * What training minimizes: how far outputs are from their targets.
 *
 * Source: Keras 3 `Loss`.
 */
export abstract class Loss extends Configured {
  /** Its name in errors, and in snake_case in logs. Give your own subclasses one: minifiers rename classes. */
  static override readonly className: string = "Loss";
  /** The activation whose logits this loss uses if it can get them: they lose no precision near 0 and 1. */
  readonly activation: LogitActivation | undefined = undefined;
  readonly reduction: ReductionName;
  readonly name: string;

  /** @throws {InvalidConfigError} an option is unknown or outside its range, or there is no such reduction. */
  constructor(config: LossConfig = {}) {
    super();
    ({ reduction: this.reduction, name: this.name } = this.settle(config, lossOptions));
  }

  /** That of the base would be the key of all losses together. */
  protected override usualName(_config: object): string {
    const className = declaringClassName(this);
    return className === Loss.className ? "own_loss" : snakeCase(className);
  }

  /**
   * One loss for each example: `[batch, ...]` to `[batch]`, or one for each row of the last axis where there are more axes.
   *
   * @param target int32 or float32
   * @param output float32 `[batch, ...]`
   * @throws {ShapeError} target and output do not fit.
   */
  abstract call(target: Tensor, output: Tensor, context?: LossContext): Tensor;

  /**
   * Checks labels while they are still in the host's memory, where this costs next to nothing.
   *
   * @throws {ShapeError} labels and output do not fit.
   * @throws {InvalidConfigError} a label has a value that this loss cannot take.
   */
  abstract checkTarget(target: HostArray, output: FixedShape): void;

  /** The loss to use for labels and outputs of these shapes: this one, unless it stands for several. */
  suiting(_target: FixedShape, _output: FixedShape): Loss {
    return this;
  }

  /** Which losses count: bool, in the shape of what {@link call} returns. Without a mask, all do. */
  mask(_target: Tensor, _output: Tensor): Tensor | undefined {
    return undefined;
  }

  /** {@link call}, weighted and reduced: the scalar that training differentiates, unless the reduction is `none`. */
  apply(target: Tensor, output: Tensor, context: LossContext = {}): Tensor {
    const values = givenTensor(classNameOf(this), "call", this.call(target, output, context));
    const weighting = { sampleWeight: context.sampleWeight, mask: this.mask(target, output) };
    return reduceLosses(classNameOf(this), values, this.reduction, weighting);
  }
}
