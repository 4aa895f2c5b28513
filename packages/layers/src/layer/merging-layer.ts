import { type RandomStream, type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import { requireShape, requireShapes } from "../config/options.ts";
import type * as tf from "@tensorflow/tfjs-core";
import type { KerasObject } from "../config/keras-object.ts";
import type { LayerConfig } from "./layer-config.ts";
import { type CallContext, Layer } from "./layer.ts";

/** A layer that makes one tensor of several. */
export abstract class MergingLayer<Config extends LayerConfig = LayerConfig> extends Layer<Config> {
  #inputShapes: readonly Shape[] | null = null;

  /** Shape of the output, batch axes first. @throws {ShapeError} the inputs do not fit each other. */
  protected abstract mergedShape(inputs: readonly Shape[]): Shape;

  protected abstract merge(inputs: readonly tf.Tensor[]): tf.Tensor;

  override get takesList(): boolean {
    return true;
  }

  override get built(): boolean {
    return this.#inputShapes !== null;
  }

  /** The base class would save the shape of one input. */
  protected override get buildsFromShape(): boolean {
    return false;
  }

  override buildAll(inputs: readonly Shape[], _random?: RandomStream): void {
    this.mergedShape(requireShapes(this.name, inputs));
    this.#inputShapes ??= inputs;
  }

  override outputShape(input: Shape): Shape {
    return this.mergedShape([requireShape(this.name, input)]);
  }

  override inferShapes(inputs: readonly Shape[]): readonly Shape[] {
    return [this.mergedShape(requireShapes(this.name, inputs))];
  }

  override call(input: tf.Tensor, _context?: CallContext): tf.Tensor {
    return this.merge([input]);
  }

  override callAll(inputs: readonly tf.Tensor[], _context?: CallContext): readonly tf.Tensor[] {
    return [this.merge(inputs)];
  }

  override serialize(): KerasObject & Record<string, unknown> {
    return {
      ...super.serialize(),
      ...(this.#inputShapes !== null && { build_config: { input_shape: this.#inputShapes } }),
    };
  }

  /** @throws {ShapeError} there is another number of inputs. */
  protected requireCount(inputs: readonly Shape[], count: number): void {
    if (inputs.length !== count) {
      throw new ShapeError(this.name, "inputs", `${count} tensors`, formatShapes(inputs));
    }
  }
}

/** The shapes of several inputs, as errors show them. */
export function formatShapes(shapes: readonly Shape[]): string {
  return shapes.length === 0 ? "none" : shapes.map(formatShape).join(" and ");
}
