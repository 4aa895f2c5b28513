import type { Graph } from "./graph.ts";
import { type ModelEnds, isByName, namesOf } from "../model-ends.ts";
import type { Layer, LayerNode, SymbolicTensor } from "../../layer/layer.ts";

/**
 * A graph in the keys of Keras 3's functional config: `layers` with their `inbound_nodes`, `input_layers`,
 * `output_layers`. Nodes of shared layers that belong to other models are left out and the rest renumbered.
 *
 * @param given inputs and outputs as they were given: lists are written as lists, one tensor by itself, several by names by names
 */
export function graphConfig(
  graph: Graph,
  given: { readonly inputs: ModelEnds; readonly outputs: ModelEnds },
): Record<string, unknown> {
  const ownNodes = new Set(graph.levels.flat());
  const nodesOf = (layer: Layer): readonly LayerNode[] => layer.nodes.filter((node) => ownNodes.has(node));
  const places = new Map(graph.layers.flatMap((layer) => nodesOf(layer).map((node, index) => [node, index] as const)));
  const history = (tensor: SymbolicTensor, offset = 0): [string, number, number] => [
    tensor.layer.name,
    (places.get(tensor.node) ?? -1) + offset,
    tensor.tensorIndex,
  ];
  // Keras counts a functional model's own input and output as its node 0, but only in this place.
  const endHistory = (tensor: SymbolicTensor) => history(tensor, tensor.layer.className === "Functional" ? 1 : 0);
  const ends = (tensors: readonly SymbolicTensor[], form: ModelEnds): unknown => {
    const histories = tensors.map(endHistory);
    if (isByName(form)) return Object.fromEntries(namesOf(form).map((name, index) => [name, histories[index]]));
    return Array.isArray(form) ? histories : histories[0];
  };
  const layers = graph.layers.map((layer) => ({
    ...layer.serialize(),
    name: layer.name,
    inbound_nodes: nodesOf(layer)
      .filter((node) => node.inputs.length > 0)
      .map((node) => serializeNode(node, history)),
  }));
  return {
    layers,
    input_layers: ends(graph.inputs, given.inputs),
    output_layers: ends(graph.outputs, given.outputs),
  };
}

function serializeNode(node: LayerNode, history: (tensor: SymbolicTensor) => unknown): Record<string, unknown> {
  const tensors = node.inputs.map((tensor) => ({
    class_name: "__keras_tensor__",
    config: { shape: tensor.shape, dtype: "float32", keras_history: history(tensor) },
  }));
  const { layer, training } = node;
  const args = layer.serializeArguments(tensors);
  if (training !== undefined) return { args, kwargs: { training } };
  const usual = layer.usualTraining(tensors.length);
  const mask = layer.takesMask
    ? { mask: tensors.length === 1 ? null : layer.serializeArguments(tensors.map(() => null))[0] }
    : {};
  return { args, kwargs: { ...(usual !== null && { training: usual }), ...mask } };
}
