import { type Shape, ShapeError } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { LayerConfig } from "../../layer/layer-config.ts";
import { MergingLayer, formatShapes } from "../../layer/merging-layer.ts";

/**
 * A layer that joins tensors element by element.
 *
 * Axes of length 1 stretch to the others' length; a tensor of fewer axes gets axes of length 1 after the batch axis.
 */
export abstract class ElementwiseMergingLayer extends MergingLayer {
  constructor(config: LayerConfig = {}) {
    super(config);
  }

  /** The result for tensors with the same number of axes. */
  protected abstract join(inputs: readonly tf.Tensor[]): tf.Tensor;

  protected override mergedShape(inputs: readonly Shape[]): Shape {
    const batches = new Set(inputs.map(([batch = null]) => batch).filter((batch) => batch !== null));
    if (inputs.length === 0 || inputs.some((shape) => shape.length === 0) || batches.size > 1) {
      throw new ShapeError(this.name, "inputs", "one or more tensors of one batch size", formatShapes(inputs));
    }
    const [batch = null] = batches;
    return [batch, ...inputs.map((shape) => shape.slice(1)).reduce<Shape>((a, b) => this.#stretch(a, b, inputs), [])];
  }

  #stretch(a: Shape, b: Shape, inputs: readonly Shape[]): Shape {
    if (a.length < b.length) return this.#stretch(b, a, inputs);
    const offset = a.length - b.length;
    return a.map((length, axis) => {
      const other = axis < offset ? 1 : (b[axis - offset] ?? null);
      if (axis < offset) return length;
      if (length === null || other === null) return null;
      if (length === 1 || other === 1 || length === other) return length === 1 ? other : length;
      throw new ShapeError(this.name, "inputs", "of equal lengths, or of length 1, on each axis", formatShapes(inputs));
    });
  }

  protected override merge(inputs: readonly tf.Tensor[]): tf.Tensor {
    const rank = Math.max(...inputs.map((input) => input.rank));
    return this.join(inputs.map((input) => withRank(input, rank)));
  }
}

function withRank(input: tf.Tensor, rank: number): tf.Tensor {
  if (input.rank === rank) return input;
  const [batch = 1, ...rest] = input.shape;
  return tf.reshape(input, [batch, ...new Array<number>(rank - input.rank).fill(1), ...rest]);
}
