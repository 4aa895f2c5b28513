import { FormatError, type Shape, describeValue } from "@featuremap/tensor";
import {
  type FileLayout,
  channelsFirst,
  channelsLast,
  isFileLayout,
  isPlain,
  layoutKey,
  plainOrder,
} from "../layouts.ts";
import type { OnnxNode, OnnxValue } from "../proto/model-proto.ts";
import type { CheckedGraph } from "./check-graph.ts";
import type { KerasGraph } from "./keras-graph.ts";
import { NodeUse, type Reading, type Tensor, seen } from "./node-use.ts";

/** Where the model is to have its channels, and where the file has them if it is known. */
interface Ends {
  readonly layout: "nhwc" | "file";
  readonly fileLayout: FileLayout | undefined;
}

const halfTypes: ReadonlySet<number> = new Set([10, 16]);
const floatTypes: ReadonlySet<number> = new Set([0, 1, 10, 11, 16]);

/**
 * Where a file of ours says that its inputs and outputs have their channels; others do not say.
 *
 * @throws {FormatError} it says what no version up to this one writes.
 */
export function statedLayout(metadata: ReadonlyMap<string, string>, source: string): FileLayout | undefined {
  const stated = metadata.get(layoutKey);
  if (stated === undefined || isFileLayout(stated)) return stated;
  throw new FormatError(source, `metadata_props ${layoutKey}`, '"nhwc" or "nchw"', describeValue(stated));
}

/** An input of the graph, and of the model. */
export function inputOf(
  { name, type, shape: stated }: OnnxValue,
  {
    source,
    graph,
    keras,
    ends,
    shape: given,
    notes,
  }: {
    readonly source: string;
    readonly graph: CheckedGraph;
    readonly keras: KerasGraph;
    readonly ends: Ends;
    readonly shape: Shape | undefined;
    readonly notes: Set<string>;
  },
): Tensor {
  const what = `input ${describeValue(name)}`;
  if (stated === undefined && given === undefined) {
    throw new FormatError(source, what, "of a known number of axes, or given inputShape", "an unknown one");
  }
  if (!floatTypes.has(type)) notes.add(`Input ${name} is of integers in the file; the model takes them as float32.`);
  if (halfTypes.has(type)) notes.add(`Input ${name} is of half precision in the file; here all is float32.`);
  const lengths = (given ?? stated ?? []).map((length) => (typeof length === "number" ? length : null));
  if (
    lengths.length < 2 ||
    !lengths.every((length) => length === null || (Number.isSafeInteger(length) && length > 0))
  ) {
    throw new FormatError(source, what, "of two axes or more, of lengths of at least 1", lengths.join("x"));
  }
  const rank = lengths.length;
  const found = ends.layout === "file" || rank < 3 ? "nhwc" : (ends.fileLayout ?? layoutOf(name, lengths, graph));
  const isMoved = found === "nchw";
  const order = isMoved ? channelsLast(rank) : plainOrder(rank);
  const shape: Shape = [null, ...lengths.slice(1)];
  if (isMoved) notes.add(`Input ${name} has its channels second in the file; the model takes them last.`);
  if (found === undefined) notes.add(unknownLayout(name));
  return seen(
    keras.input(
      name,
      order.map((axis) => shape[axis] ?? null),
    ),
    order,
  );
}

const spatialOperators: ReadonlySet<string> = new Set([
  "Conv",
  "ConvTranspose",
  "MaxPool",
  "AveragePool",
  "GlobalAveragePool",
  "GlobalMaxPool",
  "BatchNormalization",
  "InstanceNormalization",
  "GroupNormalization",
  "Resize",
  "Upsample",
]);

/**
 * Where an input has its channels, by what is computed of it before anything mixes its axes: after the batch if that wants them
 * there, last if they are moved there first; undefined where nothing tells.
 */
function layoutOf(name: string, shape: Shape, graph: CheckedGraph): FileLayout | undefined {
  const rank = shape.length;
  if (rank > 5) return undefined;
  // A picture that is flattened at once: of gray or of three colours.
  const [second, last] = [shape[1], shape.at(-1)].map((length) => length === 1 || length === 3);
  const isPicture = rank === 4 && second !== last;
  const toSecond = channelsFirst(rank);
  let isLast = false;
  const pending = [name];
  const seenNames = new Set(pending);
  for (const value of pending) {
    for (const { operator, attributes, outputs } of graph.users.get(value) ?? []) {
      if (spatialOperators.has(operator)) return "nchw";
      if (operator === "Flatten" || operator === "Reshape") {
        if (isPicture && second === true) return "nchw";
        isLast ||= isPicture;
        continue;
      }
      const perm = attributes.get("perm");
      isLast ||= operator === "Transpose" && Array.isArray(perm) && isSame(perm, toSecond);
      if (operator === "Transpose" || operator === "Shape") continue;
      for (const output of outputs) if (!seenNames.has(output)) pending.push(output);
      for (const output of outputs) seenNames.add(output);
    }
  }
  return isLast ? "nhwc" : undefined;
}

function isSame(perm: readonly unknown[], order: readonly number[]): boolean {
  return perm.length === order.length && order.every((axis, index) => axis === perm[index]);
}

function unknownLayout(name: string): string {
  const given = `Input ${name} is taken as it stands in the file, as nothing there tells where its channels are`;
  return `${given}; if they are second, fileLayout: "nchw" of loadOnnx makes the model take them last.`;
}

/** The layer that gives an output of the graph. */
export function outputOf(name: string, reading: Reading, { layout, fileLayout }: Ends): string {
  const item = reading.items.get(name);
  const what = `output ${describeValue(name)}`;
  if (item?.kind !== "tensor")
    throw new FormatError(reading.source, what, "computed from the inputs", item?.kind ?? "nothing");
  if (item.order[0] !== 0) throw new FormatError(reading.source, what, "with the batch axis first", "another one");
  const source = reading.graph.nodes.find(({ outputs }) => outputs.includes(name));
  const node: OnnxNode = source ?? {
    name,
    operator: "Identity",
    domain: "",
    inputs: [name],
    outputs: [name],
    attributes: new Map(),
  };
  const use = new NodeUse(node, [item], reading);
  const settled = use.settled(item);
  const rank = settled.shape.length;
  const isMoved = layout === "nhwc" && fileLayout === "nchw" && rank > 2;
  if (isMoved) reading.notes.add(`Output ${name} has its channels second in the file; the model gives them last.`);
  if (layout === "file" || fileLayout !== undefined)
    return use.turned(settled, isMoved ? channelsLast(rank) : plainOrder(rank)).keras.layer;
  if (!isPlain(settled.order))
    reading.notes.add(`Output ${name} has its axes in another order in the file; here its channels are last.`);
  return settled.keras.layer;
}
