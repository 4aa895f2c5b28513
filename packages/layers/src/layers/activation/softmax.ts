import { InvalidConfigError, type OptionNames, type Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../config/config-reader.ts";
import { type LayerConfig, layerOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { readLayerConfig } from "../../layer/reading/read-config.ts";
import { resolveAxis } from "../../config/resolve-axis.ts";

export interface SoftmaxConfig extends LayerConfig {
  /** Outputs add up to 1 over this axis, or over all of these together. Default: -1. */
  readonly axis?: number | readonly number[] | undefined;
}

/**
 * `y = exp(x) / sum(exp(x))`, the sum over the given axes.
 *
 * Shape: `[batch, ...]` to the same shape. Source: Keras `Softmax`.
 *
 * @throws {InvalidConfigError} an axis is not an integer.
 */
export class Softmax extends Layer<SoftmaxConfig> {
  static override readonly className = "Softmax";
  static override readonly options: OptionNames<SoftmaxConfig> = { axis: true, ...layerOptions };
  readonly axis: number | readonly number[];

  constructor(config: SoftmaxConfig = {}) {
    super(config);
    this.axis = config.axis ?? -1;
    const axes = [this.axis].flat();
    if (axes.length === 0 || !axes.every((axis) => Number.isInteger(axis))) {
      throw new InvalidConfigError("Softmax", "axis", "an integer, or a list of them", this.axis);
    }
  }

  protected override get buildsFromShape(): boolean {
    return false;
  }

  override get takesMask(): boolean {
    return true;
  }

  override outputShape(input: Shape): Shape {
    resolveAxis(this.name, [this.axis].flat(), input);
    return input;
  }

  override call(input: tf.Tensor): tf.Tensor {
    const axes = resolveAxis(this.name, [this.axis].flat(), input.shape);
    const [axis] = axes;
    if (axes.length > 1) return tf.exp(tf.sub(input, tf.logSumExp(input, [...axes], true)));
    if (axis === undefined || axis === input.rank - 1) return tf.softmax(input);
    const swapped = input.shape.map((_, index) => index);
    [swapped[axis], swapped[input.rank - 1]] = [input.rank - 1, axis];
    return tf.transpose(tf.softmax(tf.transpose(input, swapped)), swapped);
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), axis: this.axis };
  }

  static fromConfig(reader: ConfigReader): Softmax {
    return new Softmax({ ...readLayerConfig(reader), axis: reader.numbers("axis") });
  }
}
