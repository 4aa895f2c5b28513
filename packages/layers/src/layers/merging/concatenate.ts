import { Option, type Options, type Shape, ShapeError } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { MergingLayer, formatShapes } from "../../layer/merging-layer.ts";

export interface ConcatenateConfig extends LayerConfig {
  /** Along which axis, counted from the batch axis or, below 0, from the end. Default: -1. */
  readonly axis?: number | undefined;
}

const declared = { axis: Option.within("an integer", Number.isInteger).default(-1) };

/**
 * Puts its inputs one after another along an axis.
 *
 * Shape: equal lengths on all other axes; on this one, the output's length is the sum of the inputs'.
 * Source: Keras `Concatenate`.
 *
 * @throws {InvalidConfigError} the axis is not an integer.
 */
export class Concatenate extends MergingLayer<ConcatenateConfig> {
  static override readonly className: string = "Concatenate";
  static override readonly options: Options<ConcatenateConfig> = { ...declared, ...commonOptions };
  readonly axis: number;

  constructor(config: ConcatenateConfig = {}) {
    super(config);
    this.axis = this.settle(declared).axis;
  }

  protected override mergedShape(inputs: readonly Shape[]): Shape {
    const [first = []] = inputs;
    const axis = this.axis < 0 ? this.axis + first.length : this.axis;
    const fits = inputs.every(
      (shape) =>
        shape.length === first.length &&
        shape.every(
          (length, index) => index === axis || length === null || [null, length].includes(first[index] ?? null),
        ),
    );
    if (!fits || inputs.length === 0 || axis < 0 || axis >= first.length) {
      const expected = `one or more tensors whose shapes differ on axis ${this.axis} only`;
      throw new ShapeError(this.name, "inputs", expected, formatShapes(inputs));
    }
    const total = inputs.reduce<number | null>((sum, shape) => {
      const length = shape[axis] ?? null;
      return sum === null || length === null ? null : sum + length;
    }, 0);
    return first.map((length, index) => (index === axis ? total : length));
  }

  protected override merge(inputs: readonly tf.Tensor[]): tf.Tensor {
    return tf.concat([...inputs], this.axis);
  }
}
