import { Option, type Options, type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { seedOption } from "../../config/kinds.ts";
import { commonOptions } from "../../layer/layer-config.ts";
import type { CallContext } from "../../layer/layer.ts";
import { dropout } from "@featuremap/operations";
import { RandomLayer, type RandomLayerConfig } from "./random-layer.ts";

/** What dropout of whole channels takes. */
export interface SpatialDropoutConfig extends RandomLayerConfig {
  /** Probability that a channel becomes zero, in [0, 1]. */
  readonly rate: number;
}

const declared = { rate: Option.range(0, 1), seed: seedOption() };

/** These options, with others where Keras's signature has them. */
export function spatialDropoutOptions<Others extends object>(others: Others): Options<SpatialDropoutConfig> & Others {
  const { rate, seed } = declared;
  return { rate, ...others, seed, ...commonOptions };
}

/** Zeroes whole channels at random while training, and rescales the rest so that the mean is kept. */
export abstract class SpatialDropout<Config extends SpatialDropoutConfig> extends RandomLayer<Config> {
  readonly rate: number;
  override readonly seed: number | null;

  constructor(config: Config) {
    super(config);
    ({ rate: this.rate, seed: this.seed } = this.settle(declared));
  }

  /** The names of the input's axes in errors. */
  protected abstract readonly axes: readonly string[];

  override outputShape(input: Shape): Shape {
    if (input.length !== this.axes.length) {
      throw new ShapeError(this.name, "input", `(${this.axes.join(", ")})`, formatShape(input));
    }
    return input;
  }

  override call(input: tf.Tensor, { training }: CallContext): tf.Tensor {
    this.outputShape(input.shape);
    const { rate } = this;
    if (!training || rate === 0) return input;
    const maskShape = input.shape.map((length, axis) =>
      ["batch", "channels"].includes(this.axes[axis] ?? "") ? length : 1,
    );
    return dropout(input, rate, this.draws.uint32(), maskShape);
  }

  /** Keras writes no `trainable` here, and its dtype as a name. */
  override getConfig(): Record<string, unknown> {
    const { trainable: _trainable, activity_regularizer: _regularizer, ...config } = super.getConfig();
    return { ...config, dtype: "float32" };
  }
}
