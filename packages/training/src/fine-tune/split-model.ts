import { type Layer, type LayerNode, Model, type SymbolicTensor } from "@featuremap/layers";
import { InvalidConfigError } from "@featuremap/tensor";

/** A classifier in two parts that share its layers. */
export interface SplitModel {
  /** From the pictures to what does not change while the base is frozen. */
  readonly extractor: Model;
  /** From there to the answer. */
  readonly head: Model;
  /** The layers up to the end of the base, nested ones in their models' place, in the order of the network. */
  readonly base: readonly Layer[];
}

/** Layers that learn nothing and do the same in training: their outputs can be kept in place of the base's, and are smaller. */
const plainLayers: ReadonlySet<string> = new Set([
  "GlobalAveragePooling2D",
  "GlobalMaxPooling2D",
  "AveragePooling2D",
  "MaxPooling2D",
  "AdaptiveAveragePooling2D",
  "AdaptiveMaxPooling2D",
  "Flatten",
  "Reshape",
  "ReLU",
]);

/**
 * Divides a classifier into the base, whose features are kept, and the head.
 *
 * @param owner for errors
 * @param base name of the base's last layer, or of the model that is the base. Default: the only model inside, else the last
 * layer that gives feature maps
 * @throws {InvalidConfigError} there is no such layer, or the head needs more than its output.
 */
export function splitModel(owner: string, model: Model, base: string | undefined): SplitModel {
  const nodes = model.graph.levels.flat();
  const last = base === undefined ? endOfBase(owner, model, nodes) : namedNode(owner, model, nodes, base);
  const extractor = part(owner, model.inputs, last);
  const features = withoutPlainLayers(model, nodes, last);
  return {
    extractor: features === last ? extractor : part(owner, model.inputs, features),
    head: part(owner, [features], model.output),
    base: leavesOf(extractor),
  };
}

/** The layers inside that are made of no others, each once, in their order. */
export function leavesOf(layer: Layer): readonly Layer[] {
  const { innerLayers } = layer;
  return innerLayers === null ? [layer] : [...new Set(innerLayers.flatMap(leavesOf))];
}

function part(owner: string, inputs: readonly SymbolicTensor[], output: SymbolicTensor): Model {
  try {
    // Without the seed: it would begin the random streams of layers inside anew.
    return new Model({ inputs: [...inputs], outputs: output });
  } catch (cause) {
    if (!(cause instanceof InvalidConfigError)) throw cause;
    const { name } = output.node.layer;
    const expected = `a layer through which all that comes later passes (${cause.message})`;
    throw new InvalidConfigError(owner, "base", expected, name);
  }
}

function endOfBase(owner: string, model: Model, nodes: readonly LayerNode[]): SymbolicTensor {
  const models = nodes.filter(({ layer }) => layer instanceof Model);
  const [inner] = models;
  const chosen = models.length === 1 ? inner : nodes.findLast(({ outputs }) => outputs[0]?.shape.length === 4);
  const output = chosen?.outputs[0];
  if (output !== undefined && output.node.inputs.length > 0 && output !== model.output) return output;
  throw new InvalidConfigError(owner, "base", "the name of the base's last layer, which nothing shows", undefined);
}

function namedNode(owner: string, model: Model, nodes: readonly LayerNode[], name: unknown): SymbolicTensor {
  const found = nodes.find(({ layer }) => layer.name === name);
  const output = found?.outputs[0];
  if (output === undefined) {
    const names = nodes.map(({ layer }) => layer.name).join(", ");
    throw new InvalidConfigError(owner, "base", `the name of one of the layers ${names}`, name);
  }
  if (output !== model.output) return output;
  throw new InvalidConfigError(owner, "base", "a layer before the last", name);
}

function withoutPlainLayers(model: Model, nodes: readonly LayerNode[], from: SymbolicTensor): SymbolicTensor {
  const users = nodes.filter(({ inputs }) => inputs.includes(from));
  const [user] = users;
  const next = user?.outputs[0];
  if (users.length !== 1 || user === undefined || next === undefined || next === model.output) return from;
  const isPlain = plainLayers.has(user.layer.className) && user.layer.isOwn && user.inputs.length === 1;
  return isPlain ? withoutPlainLayers(model, nodes, next) : from;
}
