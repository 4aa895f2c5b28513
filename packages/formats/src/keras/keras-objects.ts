import { type Layer, Model, Pipeline, Sequential, SpectralNormalization, type Weight } from "@featuremap/layers";
import { InvalidConfigError } from "@featuremap/tensor";

/** A layer with the place that Keras's files have for its own variables. */
export interface KerasObject {
  /** `layers/conv2d_1`; the empty text for the model itself. */
  readonly path: string;
  readonly layer: Layer;
  /** Its own weights, in Keras's order; without those of layers within. */
  readonly weights: readonly Weight[];
}

/**
 * Every layer of a model in the order in which Keras saves them, each once: where it is met first.
 *
 * Paths are made of class names, each numbered where it occurs again among its neighbours, as names of layers differ from one run to
 * the next. Source: Keras 3.15, `saving_lib._save_state` and `_save_container_state`.
 *
 * @throws {InvalidConfigError} a layer of one's own is made of layers, and where Keras would look for these is not known.
 */
export function kerasObjects(model: Model): readonly KerasObject[] {
  const objects: KerasObject[] = [];
  visit(model, "", objects, new Set());
  return objects;
}

function visit(layer: Layer, path: string, objects: KerasObject[], seen: Set<Layer>): void {
  if (seen.has(layer)) return;
  seen.add(layer);
  if (layer instanceof Model) {
    objects.push({ path, layer, weights: [] });
    visitList(kerasLayers(layer), below(path, "layers"), objects, seen);
  } else if (layer instanceof Pipeline) {
    objects.push({ path, layer, weights: [] });
    visitList(layer.innerLayers, below(path, "layers"), objects, seen);
  } else if (layer instanceof SpectralNormalization) {
    // The kernel is a variable of the wrapper as well as of the layer, and is saved with both.
    const [kernel, vector] = layer.weights;
    objects.push({ path, layer, weights: [kernel, vector].filter((weight) => weight !== undefined) });
    visit(layer.layer, below(path, "layer"), objects, seen);
  } else if (layer.innerLayers !== null) {
    throw new InvalidConfigError("Keras's files", `layer ${layer.name}`, "not made of layers", layer.className);
  } else objects.push({ path, layer, weights: layer.weights });
}

function visitList(layers: readonly Layer[], path: string, objects: KerasObject[], seen: Set<Layer>): void {
  const counts = new Map<string, number>();
  for (const layer of layers) {
    const name = snakeCase(layer.className);
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    visit(layer, below(path, count === 0 ? name : `${name}_${count}`), objects, seen);
  }
}

/** What Keras counts: a functional model's inputs, but not a Sequential's, and no operations. */
function kerasLayers(model: Model): readonly Layer[] {
  const isStack = model instanceof Sequential;
  return isStack ? model.layers.filter(({ className }) => className !== "InputLayer") : model.layers;
}

function below(path: string, name: string): string {
  return path === "" ? name : `${path}/${name}`;
}

/** Source: Keras `naming.to_snake_case`. */
export function snakeCase(className: string): string {
  return className
    .replaceAll(/\W+/g, "")
    .replaceAll(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}
