import { Option, type Options, type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { normalizeLayer, scaleLayerByVariance, type LayerScaling } from "@featuremap/operations";
import { resolveAxis } from "../../config/resolve-axis.ts";
import { type Axes, ascendingAxesOption } from "../../config/axis-options.ts";
import { type NormalizationConfig, NormalizationLayer, normalizationOptions } from "./normalization-layer.ts";

export interface LayerNormalizationConfig extends NormalizationConfig {
  /** The axes whose elements are normalised together, counted from the end if negative. Default: -1. */
  readonly axis?: Axes | undefined;
  /** Whether it only divides by the deviation and scales, as Keras does for older models. Default: false. */
  readonly rmsScaling?: boolean | undefined;
}

const declared = { axis: ascendingAxesOption(), rmsScaling: Option.flag().default(false) };

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
  static override readonly className: string = "LayerNormalization";
  static override readonly options: Options<LayerNormalizationConfig> = { ...declared, ...normalizationOptions };
  readonly axis: readonly number[];
  readonly rmsScaling: boolean;

  constructor(config: LayerNormalizationConfig = {}) {
    super(config);
    const { axis, rmsScaling } = this.settle(declared);
    this.axis = [axis].flat();
    this.rmsScaling = rmsScaling;
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
    // Keras makes a list of one axis when it builds the layer.
    return { ...super.getConfig(), ...(this.built && { axis: this.axis }) };
  }
}
