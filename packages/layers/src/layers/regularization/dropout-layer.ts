import { Option, type Options, type Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { seedOption } from "../../config/kinds.ts";
import { commonOptions } from "../../layer/layer-config.ts";
import type { CallContext } from "../../layer/layer.ts";
import { RandomLayer, type RandomLayerConfig } from "./random-layer.ts";

/** What layers that drop elements take. */
export interface DropoutConfig extends RandomLayerConfig {
  /** Probability that an element drops, in [0, 1]. */
  readonly rate: number;
  /** Shape of the mask; axes of length 1 drop together. `null` for the input's own length. */
  readonly noiseShape?: Shape | null | undefined;
}

const isLength = (length: unknown): boolean => length === null || (Number.isInteger(length) && Number(length) >= 1);

const noiseShape = Option.plain<Shape>({
  expected: "a list of lengths of at least 1 and nulls",
  accepts: (shape) => Array.isArray(shape) && shape.every(isLength),
}).orNull();

/** These options, with the rates that a layer takes. */
export function dropoutOptions(rate: Option<number>): Options<DropoutConfig> {
  return { ...maskOptions(rate), ...commonOptions };
}

function maskOptions(rate: Option<number>) {
  return { rate, noiseShape, seed: seedOption() };
}

/** A layer that drops random elements while it trains. */
export abstract class DropoutLayer extends RandomLayer<DropoutConfig> {
  readonly rate: number;
  readonly noiseShape: Shape | null;
  override readonly seed: number | null;

  constructor(config: DropoutConfig, rate: Option<number>) {
    super(config);
    ({ rate: this.rate, noiseShape: this.noiseShape, seed: this.seed } = this.settle(maskOptions(rate)));
  }

  override outputShape(input: Shape): Shape {
    return input;
  }

  /** Drops elements by the mask that belongs to the seed. */
  protected abstract drop(input: tf.Tensor, seed: number, maskShape: readonly number[]): tf.Tensor;

  override call(input: tf.Tensor, { training }: CallContext): tf.Tensor {
    if (!training || this.rate === 0) return input;
    const maskShape = this.noiseShape?.map((length, axis) => length ?? input.shape[axis] ?? 1) ?? input.shape;
    return this.drop(input, this.draws.uint32(), maskShape);
  }
}
