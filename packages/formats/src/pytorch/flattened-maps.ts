import {
  Flatten,
  type Layer,
  type LayerNode,
  type Model,
  Permute,
  Reshape,
  type SymbolicTensor,
} from "@featuremap/layers";
import { shapesEqual } from "@featuremap/tensor";

/** How the elements of a vector lie in PyTorch, and here, where feature maps were flattened to it. */
export interface FlattenedMaps {
  /** Channels, then the other lengths: PyTorch flattens them in this order. */
  readonly lengths: readonly number[];
  /** Which of these each axis is that was flattened here. */
  readonly axes: readonly number[];
}

/** The same, or that vectors of several orders were joined. */
export type VectorOrder = FlattenedMaps | "mixed";

/**
 * What flattened feature maps layers take, as far as those lie in another order in PyTorch. There channels always come first;
 * where they are here, `dataFormat` of the layers before tells, else that of Flatten.
 */
export function flattenedInputs(model: Model): ReadonlyMap<Layer, VectorOrder> {
  const walk: Walk = { channels: new Map(), orders: new Map(), taken: new Map() };
  follow(model, walk);
  return walk.taken;
}

interface Walk {
  /** Which axis after the batch has the channels, where layers tell. */
  readonly channels: Map<SymbolicTensor, number>;
  readonly orders: Map<SymbolicTensor, VectorOrder>;
  readonly taken: Map<Layer, VectorOrder>;
}

function follow(model: Model, walk: Walk): void {
  for (const node of model.graph.levels.flat()) {
    const { layer, inputs, outputs } = node;
    if (isModel(layer)) {
      copy(inputs, layer.graph.inputs, walk);
      follow(layer, walk);
      copy(layer.graph.outputs, outputs, walk);
      continue;
    }
    if (inputs.length === 0) continue;
    const order = orderOf(inputs, walk);
    if (order !== undefined) take(layer, order, walk);
    for (const output of outputs) {
      if (output.shape.length === 2) set(walk.orders, output, orderAfter(node, output, order, walk));
      else set(walk.channels, output, channelsAfter(node, output, walk));
    }
  }
}

function isModel(layer: Layer): layer is Model {
  return "graph" in layer;
}

function copy(from: readonly SymbolicTensor[], to: readonly SymbolicTensor[], { channels, orders }: Walk): void {
  for (const [index, tensor] of from.entries()) {
    const target = to[index];
    if (target === undefined) continue;
    set(channels, target, channels.get(tensor));
    set(orders, target, orders.get(tensor));
  }
}

/** A model that is used again has other inputs than before. */
function set<Value>(values: Map<SymbolicTensor, Value>, tensor: SymbolicTensor, value: Value | undefined): void {
  if (value === undefined) values.delete(tensor);
  else values.set(tensor, value);
}

function orderOf(inputs: readonly SymbolicTensor[], { orders }: Walk): VectorOrder | undefined {
  const [first, ...others] = inputs.map((input) => orders.get(input));
  return others.every((other) => areAlike(first, other)) ? first : "mixed";
}

function areAlike(a: VectorOrder | undefined, b: VectorOrder | undefined): boolean {
  if (a === undefined || b === undefined || a === "mixed" || b === "mixed") return a === b;
  return shapesEqual(a.lengths, b.lengths) && shapesEqual(a.axes, b.axes);
}

function take(layer: Layer, order: VectorOrder, { taken }: Walk): void {
  taken.set(layer, !taken.has(layer) || areAlike(taken.get(layer), order) ? order : "mixed");
}

function orderAfter(
  { layer, inputs }: LayerNode,
  output: SymbolicTensor,
  order: VectorOrder | undefined,
  walk: Walk,
): VectorOrder | undefined {
  const [input] = inputs;
  if (input === undefined) return undefined;
  if (input.shape.length > 2)
    return layer instanceof Flatten || layer instanceof Reshape ? flattened(layer, input, walk) : undefined;
  const isMatrix = layer.weights.some(({ shape }) => shape.length > 1);
  if (order === undefined || isMatrix || output.shape[1] === 1) return undefined;
  return inputs.every(({ shape }) => shapesEqual(shape, output.shape)) ? order : "mixed";
}

function flattened(layer: Flatten | Reshape, input: SymbolicTensor, { channels }: Walk): FlattenedMaps | undefined {
  const own = input.shape.slice(1).map((length) => length ?? 0);
  const last = own.length - 1;
  const places = own.map((_, axis) => axis);
  const isTurned = layer instanceof Flatten && layer.dataFormat === "channelsFirst";
  const first = channels.get(input) ?? (isTurned ? 0 : last);
  const there = [first, ...places.filter((axis) => axis !== first)];
  const here = isTurned ? [...places.slice(1), 0] : places;
  const axes = here.map((axis) => there.indexOf(axis));
  const lengths = there.map((axis) => own[axis] ?? 0);
  const moved = axes.filter((axis) => lengths[axis] !== 1);
  return moved.every((axis, index) => axis > (moved[index - 1] ?? -1)) ? undefined : { lengths, axes };
}

function channelsAfter({ layer, inputs }: LayerNode, output: SymbolicTensor, { channels }: Walk): number | undefined {
  if ("dataFormat" in layer) return layer.dataFormat === "channelsFirst" ? 0 : output.shape.length - 2;
  const [input] = inputs;
  if (input === undefined || input.shape.length !== output.shape.length) return undefined;
  const before = channels.get(input);
  if (layer instanceof Permute) return layer.dims.indexOf((before ?? input.shape.length - 2) + 1);
  return layer instanceof Reshape ? undefined : before;
}
