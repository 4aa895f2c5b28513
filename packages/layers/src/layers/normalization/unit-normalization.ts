import type { Options, Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { normalize } from "@featuremap/operations";
import { resolveAxis } from "../../config/resolve-axis.ts";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { type Axes, axesOption } from "../../config/axis-options.ts";

export interface UnitNormalizationConfig extends LayerConfig {
  /** The axis along which vectors lie, or several that together hold one vector. Default: -1. */
  readonly axis?: Axes | undefined;
}

const declared = { axis: axesOption() };

/**
 * Scales vectors to length 1: `y = x / |x|`.
 *
 * Shape: `[batch, ...]` to the same shape. Source: Keras `UnitNormalization`.
 *
 * @throws {InvalidConfigError} an axis is not an integer.
 */
export class UnitNormalization extends Layer<UnitNormalizationConfig> {
  static override readonly className: string = "UnitNormalization";
  static override readonly options: Options<UnitNormalizationConfig> = { ...declared, ...commonOptions };
  readonly axis: Axes;

  constructor(config: UnitNormalizationConfig = {}) {
    super(config);
    ({ axis: this.axis } = this.settle(declared));
  }

  protected override get buildsFromShape(): boolean {
    return false;
  }

  override outputShape(input: Shape): Shape {
    resolveAxis(this.name, [this.axis].flat(), input);
    return input;
  }

  override call(input: tf.Tensor): tf.Tensor {
    return normalize(input, resolveAxis(this.name, [this.axis].flat(), input.shape), 1e-12);
  }
}
