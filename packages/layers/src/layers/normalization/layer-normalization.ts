import { InvalidConfigError, type OptionNames, type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import { requireBoolean } from "../../config/options.ts";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../config/config-reader.ts";
import { normalizeLayer, scaleLayerByVariance, type LayerScaling } from "@featuremap/operations";
import { type NormalizationConfig, normalizationOptions, readNormalizationConfig } from "./normalization-config.ts";
import { NormalizationLayer } from "./normalization-layer.ts";
import { resolveAxis } from "../../config/resolve-axis.ts";

export interface LayerNormalizationConfig extends NormalizationConfig {
  /** The axes whose elements are normalised together, counted from the end if negative; the last one by default. */
  readonly axis?: number | readonly number[] | undefined;
  /** Only divides, by the deviation, and only scales: what Keras keeps for older models. False by default. */
  readonly rmsScaling?: boolean | undefined;
}

/**
 * Normalises each example by itself: `(x - mean) / sqrt(variance + epsilon) * gamma + beta`, with mean and variance over
 * some axes, and `gamma` and `beta` in the shape of those.
 *
 * With `rmsScaling`: `x / sqrt(variance + epsilon) * gamma`. Training and prediction are the same.
 * Shape: any, the normalised axes of known length, to the same shape.
 * Source: Ba, Kiros and Hinton, 2016; Keras `LayerNormalization`.
 *
 * @throws {InvalidConfigError} `axis` is not an integer or list of them, or `epsilon` is negative.
 */
export class LayerNormalization extends NormalizationLayer<LayerNormalizationConfig> {
  static override readonly className = "LayerNormalization";
  static override readonly options: OptionNames<LayerNormalizationConfig> = {
    axis: true,
    rmsScaling: true,
    ...normalizationOptions,
  };
  readonly axis: readonly number[];
  readonly rmsScaling: boolean;

  constructor(config: LayerNormalizationConfig = {}) {
    super(config);
    this.axis = [config.axis ?? -1].flat().toSorted((a, b) => a - b);
    if (this.axis.length === 0 || !this.axis.every((axis) => Number.isInteger(axis))) {
      throw new InvalidConfigError(this.className, "axis", "an integer, or a list of them", config.axis);
    }
    this.rmsScaling = requireBoolean(this.className, "rmsScaling", config.rmsScaling, false);
  }

  override outputShape(input: Shape): Shape {
    const lengths = this.#lengths(input);
    const expected = (this.gamma ?? this.beta)?.shape;
    const fits = lengths.every((length, index) => length !== null && length === (expected?.[index] ?? length));
    if (fits) return input;
    const wanted = `${expected === undefined ? "known lengths" : formatShape(expected)} at axes ${this.axis.join(", ")}`;
    throw new ShapeError(this.name, "input", wanted, formatShape(input));
  }

  #lengths(input: Shape): (number | null)[] {
    resolveAxis(this.name, this.axis, input);
    // In Keras's order: negative axes come first.
    return this.axis.map((axis) => input.at(axis) ?? null);
  }

  protected override createWeights(input: Shape): void {
    const shape = this.#lengths(input).map((length) => length ?? 0);
    if (this.scale || this.rmsScaling) this.addGamma(shape);
    if (this.center && !this.rmsScaling) this.addBeta(shape);
  }

  override call(input: tf.Tensor): tf.Tensor {
    const scaling: LayerScaling = {
      axes: resolveAxis(this.name, this.axis, input.shape),
      gamma: this.gamma?.variable ?? null,
      beta: this.beta?.variable ?? null,
      epsilon: this.epsilon,
    };
    return this.rmsScaling ? scaleLayerByVariance(input, scaling) : normalizeLayer(input, scaling);
  }

  override getConfig(): Record<string, unknown> {
    return {
      ...super.getConfig(),
      ...this.normalizationOptions(),
      // Keras makes a list of it when it builds the layer.
      axis: this.built || typeof this.config.axis === "object" ? this.axis : (this.config.axis ?? -1),
      rms_scaling: this.rmsScaling,
    };
  }

  static fromConfig(reader: ConfigReader): LayerNormalization {
    return new LayerNormalization({
      ...readNormalizationConfig(reader),
      axis: reader.numbers("axis"),
      rmsScaling: reader.boolean("rms_scaling"),
    });
  }
}
