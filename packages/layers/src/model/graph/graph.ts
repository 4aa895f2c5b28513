import { InvalidConfigError } from "@featuremap/tensor";
import type { Layer, LayerNode, SymbolicTensor } from "../../layer/layer.ts";

/** The part of a network between some inputs and some outputs, in the order in which it is computed. */
export interface Graph {
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  /** Uses of layers that need no others of the same group, the group nearest the inputs first. */
  readonly levels: readonly (readonly LayerNode[])[];
  /** Each layer once, in Keras's order. */
  readonly layers: readonly Layer[];
}

/**
 * Finds every use of a layer that the outputs need.
 *
 * The order of layers is that of Keras's `map_graph`: by the longest way to an output, then as a depth-first walk from
 * the outputs meets them.
 *
 * @throws {InvalidConfigError} an output cannot be computed from the inputs.
 */
export function traceGraph(inputs: readonly SymbolicTensor[], outputs: readonly SymbolicTensor[]): Graph {
  const { sorted, firstSeen } = walk(inputs, outputs);
  const { nodeDepths, layerDepths } = measureDepths(sorted);
  for (const { node } of inputs) {
    // An input that no output needs is part of the model all the same.
    if (layerDepths.has(node.layer) || node.inputs.length > 0) continue;
    layerDepths.set(node.layer, 0);
    nodeDepths.set(node, 0);
    firstSeen.set(node.layer, -1);
  }
  const levels = groupByDepth(nodeDepths);
  checkConnected(inputs, levels);
  const order = (layer: Layer): number => firstSeen.get(layer) ?? 0;
  const layers = groupByDepth(layerDepths).flatMap((group) => group.toSorted((a, b) => order(a) - order(b)));
  return { inputs, outputs, levels, layers };
}

function walk(inputs: readonly SymbolicTensor[], outputs: readonly SymbolicTensor[]) {
  const sorted: LayerNode[] = [];
  const firstSeen = new Map<Layer, number>();
  const given = new Set(inputs);
  const visited = new Set<LayerNode>();
  // A stack of its own: graphs may be deeper than the calls that JavaScript nests.
  const pending: { readonly node: LayerNode; next: number }[] = [];
  const enter = (tensor: SymbolicTensor): void => {
    const { node } = tensor;
    if (visited.has(node) || (given.has(tensor) && node.inputs.length > 0)) return;
    visited.add(node);
    if (!firstSeen.has(node.layer)) firstSeen.set(node.layer, firstSeen.size);
    pending.push({ node, next: 0 });
  };
  for (const output of outputs) {
    enter(output);
    for (let top = pending.at(-1); top !== undefined; top = pending.at(-1)) {
      const input = top.node.inputs[top.next++];
      if (input !== undefined) enter(input);
      else sorted.push((pending.pop() ?? top).node);
    }
  }
  return { sorted, firstSeen };
}

/** Depth: how many layers come after, on the longest way to an output. */
function measureDepths(sorted: readonly LayerNode[]) {
  const inGraph = new Set(sorted);
  const nodeDepths = new Map<LayerNode, number>();
  const layerDepths = new Map<Layer, number>();
  for (const node of sorted.toReversed()) {
    const depth = Math.max(nodeDepths.get(node) ?? 0, layerDepths.get(node.layer) ?? 0);
    layerDepths.set(node.layer, depth);
    nodeDepths.set(node, depth);
    for (const { node: parent } of node.inputs) {
      if (inGraph.has(parent)) nodeDepths.set(parent, Math.max(depth + 1, nodeDepths.get(parent) ?? 0));
    }
  }
  return { nodeDepths, layerDepths };
}

function groupByDepth<Item>(depths: ReadonlyMap<Item, number>): Item[][] {
  const groups = new Map<number, Item[]>();
  for (const [item, depth] of depths) {
    const group = groups.get(depth);
    if (group === undefined) groups.set(depth, [item]);
    else group.push(item);
  }
  return [...groups].toSorted(([a], [b]) => b - a).map(([, items]) => items);
}

function checkConnected(inputs: readonly SymbolicTensor[], levels: readonly (readonly LayerNode[])[]): void {
  const computable = new Set(inputs);
  for (const node of levels.flat()) {
    const reachable = node.inputs.length > 0 && node.inputs.every((input) => computable.has(input));
    if (!reachable && !node.outputs.some((output) => computable.has(output))) {
      throw new InvalidConfigError("Model", "outputs", "computable from the inputs", `${node.layer.name} is not`);
    }
    for (const output of node.outputs) computable.add(output);
  }
}

/**
 * The same graph, entered at tensors that are not inputs yet: each gets an input layer, and the layers between are
 * used once more, so weights are shared.
 *
 * @param createInput makes the input that stands in for an inner tensor
 */
export function cutGraph(
  inputs: readonly SymbolicTensor[],
  outputs: readonly SymbolicTensor[],
  createInput: (tensor: SymbolicTensor) => SymbolicTensor,
): { readonly inputs: readonly SymbolicTensor[]; readonly outputs: readonly SymbolicTensor[] } {
  if (inputs.every((input) => input.node.inputs.length === 0)) return { inputs, outputs };
  const replaced = new Map<SymbolicTensor, SymbolicTensor>();
  for (const input of inputs) replaced.set(input, input.node.inputs.length === 0 ? input : createInput(input));
  const replacement = (tensor: SymbolicTensor): SymbolicTensor => replaced.get(tensor) ?? tensor;
  for (const node of walk(inputs, outputs).sorted) {
    if (node.inputs.length === 0) continue;
    const results = node.layer.applyAll(node.inputs.map(replacement), { training: node.training });
    node.outputs.forEach((output, index) => replaced.set(output, results[index] ?? output));
  }
  return { inputs: inputs.map(replacement), outputs: outputs.map(replacement) };
}
