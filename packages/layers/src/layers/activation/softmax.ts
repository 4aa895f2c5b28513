import type { Options, Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type Axes, axesOption } from "../../config/axis-options.ts";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { resolveAxis } from "../../config/resolve-axis.ts";

export interface SoftmaxConfig extends LayerConfig {
  /** Outputs add up to 1 over this axis, or over all of these together. Default: -1. */
  readonly axis?: Axes | undefined;
}

const declared = { axis: axesOption() };

/**
 * `y = exp(x) / sum(exp(x))`, the sum over the given axes.
 *
 * Shape: `[batch, ...]` to the same shape. Source: Keras `Softmax`.
 *
 * @throws {InvalidConfigError} an axis is not an integer.
 */
export class Softmax extends Layer<SoftmaxConfig> {
  static override readonly className: string = "Softmax";
  static override readonly options: Options<SoftmaxConfig> = { ...declared, ...commonOptions };
  readonly axis: Axes;

  constructor(config: SoftmaxConfig = {}) {
    super(config);
    this.axis = this.settle(declared).axis;
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
}
