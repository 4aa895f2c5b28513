import { Option, type Options, type Shape, ShapeError } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { batchDot, normalize, type InnerWork } from "@featuremap/operations";
import { isList } from "../../config/options.ts";
import { elementsOf } from "../../config/element-counts.ts";
import { MergingLayer, formatShapes } from "../../layer/merging-layer.ts";

export interface DotConfig extends LayerConfig {
  /** The axis of both inputs, or of each, that is summed over; not 0, the batch axis. Below 0, counted from the end. */
  readonly axes: number | readonly [number, number];
  /** Whether vectors along the axes are first scaled to length 1, which gives cosines. Default: false. */
  readonly normalize?: boolean | undefined;
}

const declared = {
  axes: Option.plain<DotConfig["axes"]>({
    expected: "an integer other than 0, or two of them",
    accepts: (axes) => pairOf(axes).length === 2 && pairOf(axes).every((axis) => Number.isInteger(axis) && axis !== 0),
  }),
  normalize: Option.flag().default(false),
};

/**
 * Scalar products of the vectors of two inputs along an axis of each.
 *
 * Shape: `[batch, ...a]` and `[batch, ...b]` to `[batch, ...a without its axis, ...b without its axis]`, or `[batch, 1]`.
 * Source: Keras `Dot`.
 *
 * @throws {InvalidConfigError} `axes` is neither an integer nor two of them, or names the batch axis.
 */
export class Dot extends MergingLayer<DotConfig> {
  static override readonly className: string = "Dot";
  static override readonly options: Options<DotConfig> = { ...declared, ...commonOptions };
  readonly axes: DotConfig["axes"];
  readonly normalize: boolean;

  constructor(config: DotConfig) {
    super(config);
    ({ axes: this.axes, normalize: this.normalize } = this.settle(declared));
  }

  /** The axes of inputs of these shapes, counted from the batch axis. */
  #axes(inputs: readonly Shape[]): readonly [number, number] {
    this.requireCount(inputs, 2);
    const [first = 0, second = 0] = pairOf(this.axes).map((axis, index) =>
      axis < 0 ? axis + (inputs[index]?.length ?? 0) : axis,
    );
    return [first, second];
  }

  protected override mergedShape(inputs: readonly Shape[]): Shape {
    const axes = this.#axes(inputs);
    const [a = [], b = []] = inputs;
    const [first, second] = [a[axes[0]], b[axes[1]]];
    const known = first !== undefined && second !== undefined && axes.every((axis) => axis > 0);
    const batches = new Set([a[0], b[0]].filter((batch) => typeof batch === "number"));
    if (!known || (first !== null && second !== null && first !== second) || batches.size > 1) {
      const expected = `two tensors of one batch size and of equal length on axes ${axes.join(" and ")}`;
      throw new ShapeError(this.name, "inputs", expected, formatShapes(inputs));
    }
    const rest = [a, b].flatMap((shape, index) => shape.filter((_, axis) => axis !== 0 && axis !== axes[index]));
    return [a[0] ?? null, ...(rest.length === 0 ? [1] : rest)];
  }

  protected override innerWork(inputs: readonly Shape[], [output = []]: readonly Shape[]): InnerWork {
    const [axis] = this.#axes(inputs);
    return { operations: elementsOf(output) * (inputs[0]?.[axis] ?? 1), elements: 0 };
  }

  protected override merge(inputs: readonly tf.Tensor[]): tf.Tensor {
    const axes = this.#axes(inputs.map(({ shape }) => shape));
    const vectors = this.normalize ? inputs.map((input, index) => normalize(input, [axes[index] ?? 0])) : inputs;
    const [a, b] = vectors;
    if (a === undefined || b === undefined) throw new ShapeError(this.name, "inputs", "2 tensors", `${inputs.length}`);
    return batchDot(a, b, axes);
  }
}

function pairOf(axes: unknown): readonly number[] {
  return isList(axes) ? axes : [axes as number, axes as number];
}
