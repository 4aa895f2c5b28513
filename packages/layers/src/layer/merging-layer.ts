import { type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { requireShapes } from "../config/options.ts";
import type { LayerConfig } from "./layer-config.ts";
import type { CallContext } from "./layer.ts";
import { MultiInputLayer } from "./multi-input-layer.ts";

/** A layer that makes one tensor of several. */
export abstract class MergingLayer<Config extends LayerConfig = LayerConfig> extends MultiInputLayer<Config> {
  /** Shape of the output, batch axes first. @throws {ShapeError} the inputs do not fit each other. */
  protected abstract mergedShape(inputs: readonly Shape[]): Shape;

  protected abstract merge(inputs: readonly tf.Tensor[]): tf.Tensor;

  override get takesList(): boolean {
    return true;
  }

  override inferShapes(inputs: readonly Shape[]): readonly Shape[] {
    return [this.mergedShape(requireShapes(this.name, inputs))];
  }

  override callAll(inputs: readonly tf.Tensor[], _context?: CallContext): readonly tf.Tensor[] {
    return [this.merge(inputs)];
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
