import { InvalidConfigError, type OptionNames, type Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../config/config-reader.ts";
import { type LayerConfig, layerOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { normalize } from "@featuremap/operations";
import { readLayerConfig } from "../../layer/reading/read-config.ts";
import { resolveAxis } from "../../config/resolve-axis.ts";

export interface UnitNormalizationConfig extends LayerConfig {
  /** Along which axis the vectors lie, or these together. Default: -1. */
  readonly axis?: number | readonly number[] | undefined;
}

/**
 * Scales vectors to length 1: `y = x / |x|`.
 *
 * Shape: `[batch, ...]` to the same shape. Source: Keras `UnitNormalization`.
 *
 * @throws {InvalidConfigError} an axis is not an integer.
 */
export class UnitNormalization extends Layer<UnitNormalizationConfig> {
  static override readonly className = "UnitNormalization";
  static override readonly options: OptionNames<UnitNormalizationConfig> = { axis: true, ...layerOptions };
  readonly axis: number | readonly number[];

  constructor(config: UnitNormalizationConfig = {}) {
    super(config);
    this.axis = config.axis ?? -1;
    const axes = [this.axis].flat();
    if (axes.length === 0 || !axes.every((axis) => Number.isInteger(axis))) {
      throw new InvalidConfigError("UnitNormalization", "axis", "an integer, or a list of them", this.axis);
    }
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

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), axis: this.axis };
  }

  static fromConfig(reader: ConfigReader): UnitNormalization {
    return new UnitNormalization({ ...readLayerConfig(reader), axis: reader.numbers("axis") });
  }
}
