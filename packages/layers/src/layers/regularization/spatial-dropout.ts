import { InvalidConfigError, type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import { isWithin } from "../../config/options.ts";
import type * as tf from "@tensorflow/tfjs-core";
import type { CallContext } from "../../layer/layer.ts";
import { dropout } from "@featuremap/operations";
import { RandomLayer, type RandomLayerConfig } from "./random-layer.ts";

/** What dropout of whole channels takes. */
export interface SpatialDropoutConfig extends RandomLayerConfig {
  /** Probability that a channel becomes zero, in [0, 1]. */
  readonly rate: number;
}

/** Zeroes whole channels at random while training, and rescales the rest so that the mean is kept. */
export abstract class SpatialDropout<Config extends SpatialDropoutConfig> extends RandomLayer<Config> {
  constructor(config: Config) {
    super(config);
    if (!isWithin(config.rate, 0, 1)) {
      throw new InvalidConfigError(this.className, "rate", "in [0, 1]", config.rate);
    }
  }

  /** What the axes of the input are, as errors name them. */
  protected abstract readonly axes: readonly string[];

  override outputShape(input: Shape): Shape {
    if (input.length !== this.axes.length) {
      throw new ShapeError(this.name, "input", `(${this.axes.join(", ")})`, formatShape(input));
    }
    return input;
  }

  override call(input: tf.Tensor, { training }: CallContext): tf.Tensor {
    this.outputShape(input.shape);
    const { rate } = this.config;
    if (!training || rate === 0) return input;
    const maskShape = input.shape.map((length, axis) =>
      ["batch", "channels"].includes(this.axes[axis] ?? "") ? length : 1,
    );
    return dropout(input, rate, this.draws.uint32(), maskShape);
  }

  /** Keras writes no `trainable` here, and its dtype as a name. */
  override getConfig(): Record<string, unknown> {
    return { rate: this.config.rate, seed: this.seed, name: this.name, dtype: "float32" };
  }
}
