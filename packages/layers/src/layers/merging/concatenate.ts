import { InvalidConfigError, type OptionNames, type Shape, ShapeError } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../config/config-reader.ts";
import { type LayerConfig, layerOptions } from "../../layer/layer-config.ts";
import { readLayerConfig } from "../../layer/reading/read-config.ts";
import { MergingLayer, formatShapes } from "../../layer/merging-layer.ts";

export interface ConcatenateConfig extends LayerConfig {
  /** Along which axis, counted from the batch axis or, below 0, from the end. Default: -1. */
  readonly axis?: number | undefined;
}

/**
 * Puts its inputs one after another along an axis.
 *
 * Shape: all lengths equal but the axis's; the output's is the sum of the inputs'. Source: Keras `Concatenate`.
 *
 * @throws {InvalidConfigError} the axis is not an integer.
 */
export class Concatenate extends MergingLayer<ConcatenateConfig> {
  static override readonly className = "Concatenate";
  static override readonly options: OptionNames<ConcatenateConfig> = { axis: true, ...layerOptions };
  readonly axis: number;

  constructor(config: ConcatenateConfig = {}) {
    super(config);
    this.axis = config.axis ?? -1;
    if (!Number.isInteger(this.axis)) throw new InvalidConfigError("Concatenate", "axis", "an integer", this.axis);
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

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), axis: this.axis };
  }

  static fromConfig(reader: ConfigReader): Concatenate {
    return new Concatenate({
      ...readLayerConfig(reader),
      axis: reader.number("axis"),
    });
  }
}
