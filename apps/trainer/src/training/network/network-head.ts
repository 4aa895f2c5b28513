import {
  Activation,
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
export function findHead(model: Model): NetworkHead | undefined {
  let tensor: SymbolicTensor | undefined = model.output;
  while (tensor !== undefined) {
    const { layer, inputs }: LayerNode = tensor.node;
    const input: SymbolicTensor | undefined = inputs[0];
    if (layer instanceof Model) return findHead(layer);
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
  const head = findHead(model);
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
 * The same network with a new last layer, which has learned nothing yet. The model given is used up.
 *
 * @param model ends in a dense layer, as {@link findHead} says
 * @param seed of the new layer's first weights, and of all that is drawn while it trains
 */
export function replaceHead(model: Model, classes: number, activation: "softmax" | "linear", seed: number): Model {
  const replaced = withNewHead(model, classes, activation);
  replaced.reseed(new RandomStream(seed));
  return replaced;
}

function withNewHead(model: Model, classes: number, activation: "softmax" | "linear"): Model {
  const { node } = model.output;
  if (node.layer instanceof Model) {
    const inner = withNewHead(node.layer, classes, activation);
    return endingIn(model, inner, node.inputs);
  }
  const head = findHead(model);
  if (head === undefined) return model;
  const { dense, input } = head;
  const { units: _, activation: __, inputShape: ___, batchInputShape: ____, ...config } = dense.config;
  return endingIn(model, new Dense({ ...config, name: dense.name, units: classes, activation }), [input]);
}

/** The model with another last layer instead of all that follows `inputs`. */
function endingIn(model: Model, layer: Layer, inputs: readonly SymbolicTensor[]): Model {
  if (!(model instanceof Sequential)) {
    const outputs = layer.applyAll(inputs);
    return new Model({ inputs: model.input, outputs, name: model.name, trainable: model.trainable });
  }
  const before = inputs[0]?.node.layer;
  while (model.layers.length > 0 && model.layers.at(-1) !== before) model.pop();
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

/**
 * Brings a network's classes into another order, by its last layer's weights alone.
 *
 * @param places where each class of the new order stands in the old one
 */
export async function reorderHead({ dense }: NetworkHead, places: readonly number[]): Promise<void> {
  const isBinary = dense.units === 1;
  const isSwapped = isBinary && places[0] === 1;
  const weights = await dense.getWeights();
  dense.setWeights(
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
