import { Option, type Options, type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { scaleByRootMeanSquare } from "@featuremap/operations";
import { resolveAxis } from "../../config/resolve-axis.ts";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { requireBuilt } from "../../layer/weights/require-built.ts";
import type { Weight } from "../../layer/weights/weight.ts";
import { Ones } from "../../parts/initializers/constant.ts";
import { type Axes, ascendingAxesOption } from "../../config/axis-options.ts";

export interface RMSNormalizationConfig extends LayerConfig {
  /** The axes whose elements are normalised together, counted from the end if negative. Default: -1. */
  readonly axis?: Axes | undefined;
  /** Added to the mean of squares before its root is taken. Default: 0.000001. */
  readonly epsilon?: number | undefined;
}

const declared = { axis: ascendingAxesOption(), epsilon: Option.nonNegative().default(1e-6).notNull() };

/**
 * Divides each example by its root mean square: `x / sqrt(mean(x^2) + epsilon) * scale`, the mean over some axes, and `scale`
 * in the shape of those.
 *
 * Shape: any, the normalised axes of known length, to the same shape.
 * Source: Zhang and Sennrich, "Root mean square layer normalization", 2019; Keras `RMSNormalization`.
 *
 * @throws {InvalidConfigError} `axis` is not an integer or list of them, or `epsilon` is negative.
 * @differs `scale` multiplies along the normalized axes; in Keras 3.15 always along the last ones
 */
export class RMSNormalization extends Layer<RMSNormalizationConfig> {
  static override readonly className: string = "RMSNormalization";
  static override readonly options: Options<RMSNormalizationConfig> = { ...declared, ...commonOptions };
  readonly axis: readonly number[];
  readonly epsilon: number;
  #scale: Weight | null = null;

  constructor(config: RMSNormalizationConfig = {}) {
    super(config);
    const { axis, epsilon } = this.settle(declared);
    this.axis = [axis].flat();
    this.epsilon = epsilon;
  }

  /** `null` before the layer is built. */
  get scale(): Weight | null {
    return this.#scale;
  }

  override outputShape(input: Shape): Shape {
    const lengths = this.#lengths(input);
    const expected = this.#scale?.shape;
    if (lengths.every((length, index) => length !== null && length === (expected?.[index] ?? length))) return input;
    const wanted = `${expected === undefined ? "known lengths" : formatShape(expected)} at axes ${this.axis.join(", ")}`;
    throw new ShapeError(this.name, "input", wanted, formatShape(input));
  }

  #lengths(input: Shape): (number | null)[] {
    // In Keras's order: negative axes come first.
    resolveAxis(this.name, this.axis, input);
    return this.axis.map((axis) => input.at(axis) ?? null);
  }

  protected override createWeights(input: Shape): void {
    const shape = this.#lengths(input).map((length) => length ?? 0);
    this.#scale = this.addWeight("scale", shape, new Ones());
  }

  override call(input: tf.Tensor): tf.Tensor {
    return scaleByRootMeanSquare(input, {
      axes: resolveAxis(this.name, this.axis, input.shape),
      gamma: requireBuilt(this.name, this.#scale).variable,
      epsilon: this.epsilon,
    });
  }

  override getConfig(): Record<string, unknown> {
    // Keras makes a list of one axis when it builds the layer.
    return { ...super.getConfig(), ...(this.built && { axis: this.axis }) };
  }
}
