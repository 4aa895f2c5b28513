import { InputLayer, type Model } from "@featuremap/layers";
import type { Shape } from "@featuremap/tensor";
import { isConvolution } from "./network/layer-kinds.ts";
import { openNetwork } from "./network/network.ts";

/** A layer that can be looked at. */
export interface LayerInModel {
  /** Its name; inside other models `<model>/<layer>`. What the other functions take as `layer`. */
  readonly path: string;
  /** Keras's name of its class: "Conv2D". */
  readonly className: string;
  /** Whether it is a convolution of any kind, or wraps one. */
  readonly isConvolution: boolean;
  /** Of its first output where it was first applied: batch axis first, `null` where only data tell. */
  readonly outputShape: Shape;
}

/**
 * The layers of a model and of the models within it, in the order in which they are computed, each once and without input layers.
 *
 * @throws {InvalidConfigError} it is not a model, does not know its input shape yet, or computes something else than its graph.
 */
export function layersOf(model: Model): readonly LayerInModel[] {
  const { uses, shapes } = openNetwork("layersOf", model);
  const found = new Map<string, LayerInModel>();
  for (const { path, layer, outputs } of uses) {
    if (layer instanceof InputLayer || found.has(path)) continue;
    const outputShape = shapes[outputs[0] ?? -1] ?? [];
    found.set(path, { path, className: layer.className, isConvolution: isConvolution(layer), outputShape });
  }
  return [...found.values()];
}
