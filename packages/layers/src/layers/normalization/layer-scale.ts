import { Option, type Options, type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { requireBuilt } from "../../layer/weights/require-built.ts";
import type { Weight } from "../../layer/weights/weight.ts";
import { Constant } from "../../parts/initializers/constant.ts";

export interface LayerScaleConfig extends LayerConfig {
  /** What every factor begins with, as 0.000001 in ConvNeXt. */
  readonly initValues: number;
  /** Length of the last axis. */
  readonly projectionDim: number;
}

const declared = { initValues: Option.number(), projectionDim: Option.integer() };

/**
 * Multiplies each channel by a factor that is learned: `y = x * gamma`. With small first factors a residual block begins as
 * almost nothing, which lets deep networks train.
 *
 * Shape: `[batch, ..., projectionDim]` to the same shape.
 * Source: Touvron et al., ICCV 2021; Keras `LayerScale`, which it keeps private to ConvNeXt.
 *
 * @throws {InvalidConfigError} `initValues` is not a finite number, or `projectionDim` not an integer of at least 1.
 */
export class LayerScale extends Layer<LayerScaleConfig> {
  static override readonly className: string = "LayerScale";
  static override readonly options: Options<LayerScaleConfig> = { ...declared, ...commonOptions };
  readonly initValues: number;
  readonly projectionDim: number;
  #gamma: Weight | null = null;

  constructor(config: LayerScaleConfig) {
    super(config);
    ({ initValues: this.initValues, projectionDim: this.projectionDim } = this.settle(declared));
  }

  /** `null` before the layer is built. */
  get gamma(): Weight | null {
    return this.#gamma;
  }

  protected override get privateModule(): string {
    return "keras.src.applications.convnext";
  }

  override outputShape(input: Shape): Shape {
    if (input.length > 0 && input.at(-1) === this.projectionDim) return input;
    throw new ShapeError(this.name, "input", `of ${this.projectionDim} channels`, formatShape(input));
  }

  protected override createWeights(): void {
    this.#gamma = this.addWeight("gamma", [this.projectionDim], new Constant({ value: this.initValues }));
  }

  override call(input: tf.Tensor): tf.Tensor {
    return tf.mul(input, requireBuilt(this.name, this.#gamma).variable);
  }
}
