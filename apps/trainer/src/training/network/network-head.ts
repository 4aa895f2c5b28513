import {
  Activation,
  Conv2D,
  Dense,
  Dropout,
  GlobalAveragePooling2D,
  type Layer,
  type LayerNode,
  Model,
  Sequential,
  Softmax,
  type SymbolicTensor,
} from "@featuremap/layers";
import type { Head } from "@featuremap/training";
import { HostArray, RandomStream } from "@featuremap/tensor";

/** Where a network turns what it has seen into a number for each class. */
export interface NetworkHead {
  readonly dense: Dense;
  /** What the dense layer takes. */
  readonly input: SymbolicTensor;
  /** The model that it belongs to: the network, or one that stands at its end. */
  readonly model: Model;
}

/** The last dense layer, behind which there are activations alone; undefined where a network ends in another way. */
export function findLastDense(model: Model): NetworkHead | undefined {
  let tensor: SymbolicTensor | undefined = model.output;
  while (tensor !== undefined) {
    const { layer, inputs }: LayerNode = tensor.node;
    const input: SymbolicTensor | undefined = inputs[0];
    if (layer instanceof Model) return findLastDense(layer);
    if (layer instanceof Dense) return input && { dense: layer, input, model };
    tensor = isActivation(layer) ? input : undefined;
  }
  return undefined;
}

/** Layers that do otherwise while a network learns than when it predicts, frozen or not. */
const drawing: ReadonlySet<string> = new Set([
  "AlphaDropout",
  "Dropout",
  "GaussianDropout",
  "GaussianNoise",
  "SpatialDropout1D",
  "SpatialDropout2D",
]);

/**
 * Name of the layer before the last one that learns and all that draws random numbers there: while nothing before it learns, it
 * makes the same of a picture each time. Undefined where there is none, it is in a model within, or its name says not which use of it.
 */
export function endOfBase(model: Model): string | undefined {
  const head = findLastDense(model);
  if (head === undefined || head.model !== model) return undefined;
  let { node } = head.input;
  while (drawing.has(node.layer.className) && node.inputs[0] !== undefined) ({ node } = node.inputs[0]);
  const { layer } = node;
  const uses = model.graph.levels.flat().filter((each) => each.layer === layer);
  return node.inputs.length === 0 || uses.length > 1 ? undefined : layer.name;
}

function isActivation(layer: Layer): boolean {
  return layer instanceof Activation || layer instanceof Softmax;
}

/**
 * The same network with a new last layer, which has learned nothing yet, in place of its head. The model given is used up.
 *
 * A last dense layer of features keeps its settings; another head gives way to what {@link addHead} makes.
 *
 * @param seed of the new layer's first weights, and of all that is drawn while it trains
 */
export function replaceHead(
  model: Model,
  head: Head,
  classes: number,
  activation: "softmax" | "linear",
  seed: number,
): Model {
  const { first, input } = head;
  const { name, trainable } = model;
  if (!(first instanceof Dense && input.shape.length === 2)) {
    const base = new Model({ inputs: model.input, outputs: head.features(true), name, trainable });
    return addHead(base, classes, activation, seed);
  }
  const { units: _, activation: __, inputShape: ___, batchInputShape: ____, ...config } = first.config;
  const layer = new Dense({ ...config, name: first.name, units: classes, activation });
  const replaced = endingIn(model, head, layer);
  replaced.reseed(new RandomStream(seed));
  return replaced;
}

/** The model with another layer instead of its head. */
function endingIn(model: Model, head: Head, layer: Layer): Model {
  if (!(model instanceof Sequential) || head.isWithin) {
    const outputs = layer.apply(head.features(false));
    return new Model({ inputs: model.input, outputs, name: model.name, trainable: model.trainable });
  }
  while (model.pop() !== head.first);
  model.add(layer);
  return model;
}

/**
 * A base that gives features, and on them a head that has learned nothing yet: means of each feature map, dropout, and a dense
 * layer. The model given is used up.
 *
 * @param seed of the new layers' first weights, and of all that is drawn while they train
 */
export function addHead(base: Model, classes: number, activation: "softmax" | "linear", seed: number): Model {
  const { output } = base;
  const isMap = output.shape.length > 2;
  const features = isMap ? new GlobalAveragePooling2D({ name: "head_features" }).apply(output) : output;
  const kept = new Dropout({ rate: 0.2, name: "head_dropout" }).apply(features);
  const outputs = new Dense({ units: classes, activation, name: "head" }).apply(kept);
  const model = new Model({ inputs: base.input, outputs, name: base.name });
  model.reseed(new RandomStream(seed));
  return model;
}

/** Layers that keep the order of the classes, and have nothing of their own for each. */
const keepingOrder: ReadonlySet<string> = new Set([
  "Activation",
  "Dropout",
  "Flatten",
  "GlobalAveragePooling2D",
  "GlobalMaxPooling2D",
  "Reshape",
  "Softmax",
]);

function unitsOf(first: Head["first"]): number | undefined {
  return first instanceof Dense ? first.units : first instanceof Conv2D ? first.filters : undefined;
}

/** Whether {@link reorderHead} brings that many outputs into another order. */
export function canReorder({ first, behind }: Head, outputs: number): boolean {
  const made = unitsOf(first);
  return made === outputs && behind.every((layer) => keepingOrder.has(layer.className));
}

/**
 * Brings a network's classes into another order, by the weights of its last layer alone.
 *
 * @param head of which {@link canReorder} is true
 * @param places where each class of the new order stands in the old one
 */
export async function reorderHead({ first }: Head, places: readonly number[]): Promise<void> {
  const isBinary = unitsOf(first) === 1;
  const isSwapped = isBinary && places[0] === 1;
  const weights = await first.getWeights();
  first.setWeights(
    weights.map(({ data, shape }) => {
      // The other of two classes has the opposite score.
      if (isBinary) return new HostArray(isSwapped ? data.map((value) => -value) : data, shape);
      const columns = places.length;
      const moved = data.map((_, index) => {
        const column = index % columns;
        return data[index - column + (places[column] ?? column)] ?? 0;
      });
      return new HostArray(moved, shape);
    }),
  );
}
