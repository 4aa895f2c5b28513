import { FeaturemapError, FormatError, type Shape } from "@featuremap/tensor";
import type { ResolvedFileLimits } from "../../model-files/file-limits.ts";
import type { FileLayout } from "../layouts.ts";
import type { OnnxGraph, OnnxModel, OnnxNode } from "../proto/model-proto.ts";
import { type CheckedGraph, checkGraph, nameOf } from "./check-graph.ts";
import { type Constant, floats, integers, readConstant } from "./constants.ts";
import { foldings } from "./folding.ts";
import { GraphBudget } from "./graph-budget.ts";
import { inputOf, outputOf, statedLayout } from "./graph-ends.ts";
import { KerasGraph } from "./keras-graph.ts";
import { type Item, NodeUse, type Reading, type Tensor, Unreadable } from "./node-use.ts";
import { stridedOperators } from "./strided.ts";
import { operators } from "./operator-table.ts";

/** How to read a graph. */
export interface GraphOptions {
  readonly limits: ResolvedFileLimits;
  readonly layout: "nhwc" | "file";
  /** Of its inputs, in place of what it says itself. */
  readonly fileLayout?: FileLayout | undefined;
  /** In place of the file's, for its only input. */
  readonly inputShape?: Shape | undefined;
}

/** The model that a graph is, as Keras's config, and the values of its weights by `<layer>/<weight>`. */
export interface ReadGraph {
  readonly config: unknown;
  readonly weights: ReadonlyMap<string, Constant>;
  readonly notes: readonly string[];
}

/** Versions of ONNX's operators that are read here. */
const opsets = { first: 7, last: 25 };

const mostProblems = 40;

/** Nodes and layers where `limits.calls` is not given. A layer may take several nodes, and so a lower limit counts layers only. */
const mostCalls = 100_000;

/**
 * @param initializers the tensors of the graph, with values
 * @throws {FormatError} the graph is damaged, or has operators that layers here have no words for, all of which the message names.
 */
export function readGraph(
  model: OnnxModel,
  initializers: ReadonlyMap<string, Constant>,
  source: string,
  { limits, layout, fileLayout, inputShape }: GraphOptions,
): ReadGraph {
  const opset = model.opsets.get("") ?? 0;
  if (opset < opsets.first) {
    throw new FormatError(source, "opset", `of version ${opsets.first} or later`, `${opset}`);
  }
  const stated = statedLayout(model.metadata, source);
  const budget = budgetOf(model.graph, initializers, source, limits);
  const graph = checkGraph(model.graph, source);
  const keras = new KerasGraph(source, limits.model, budget);
  const items = new Map<string, Item>(initializers);
  const notes = new Set<string>();
  if (opset > opsets.last) notes.add(`The file has operators of version ${opset}; read as those of ${opsets.last}.`);
  const given = model.graph.inputs.filter(({ name }) => !initializers.has(name));
  const [first] = given;
  const batchLength = first?.shape?.[0];
  const batch = typeof batchLength === "number" ? batchLength : null;
  for (const value of given) {
    const shape = given.length === 1 ? inputShape : undefined;
    const ends = { layout, fileLayout: fileLayout ?? stated };
    items.set(value.name, inputOf(value, { source, graph, keras, ends, shape, notes }));
  }
  if (batch !== null)
    notes.add(`The file takes ${batch} ${batch === 1 ? "example" : "examples"} at a time; the model takes any number.`);
  const reading: Reading = {
    source,
    graph,
    keras,
    budget,
    opset,
    batch,
    notes,
    items,
    turned: new Map(),
    done: new Map(),
  };
  const problems: string[] = [];
  for (const node of graph.nodes) {
    for (const [index, item] of readNode(node, reading, problems).entries()) items.set(node.outputs[index] ?? "", item);
  }
  if (problems.length > 0) {
    const shown = problems.slice(0, mostProblems).join("; ");
    const more = problems.length > mostProblems ? `; and ${problems.length - mostProblems} more` : "";
    throw new FormatError(source, "graph", "of operators that layers here have words for", `${shown}${more}`);
  }
  noteShared(model, graph, initializers, notes);
  const outputs = model.graph.outputs.map(({ name }) => outputOf(name, reading, { layout, fileLayout: stated }));
  const inputs = given.map(({ name }) => (items.get(name) as Tensor).keras.layer);
  const config = keras.config(plainName(model.graph.name), inputs, outputs);
  return { config, weights: keras.weightsOf(outputs), notes: [...notes] };
}

/** @throws {FormatError} there are too many nodes. */
function budgetOf(
  { nodes }: OnnxGraph,
  initializers: ReadonlyMap<string, Constant>,
  source: string,
  { model: { calls = mostCalls }, weightsBytes }: ResolvedFileLimits,
): GraphBudget {
  const most = Math.max(calls, mostCalls);
  if (nodes.length > most) {
    const expected = `at most ${most} (limits.calls)`;
    throw new FormatError(source, "nodes of the graph", expected, `${nodes.length}`);
  }
  let held = 0;
  for (const { values } of initializers.values()) held += values.length;
  for (const node of nodes) held += constantOf(node, source)?.values.length ?? 0;
  return new GraphBudget(source, held, weightsBytes, calls);
}

function plainName(name: string): string {
  return name.replaceAll(/[^\w.-]+/g, "_").slice(0, 80) || "onnx";
}

function readNode(node: OnnxNode, reading: Reading, problems: string[]): readonly Item[] {
  const done = reading.done.get(node);
  if (done !== undefined) return [done];
  const inputs = node.inputs.map((name) => (name === "" ? undefined : (reading.items.get(name) ?? null)));
  // What follows from a problem is none of its own.
  if (inputs.includes(null)) return node.outputs.map(() => null);
  const use = new NodeUse(node, inputs, reading);
  try {
    const isMoved = inputs.some((item) => item?.kind === "tensor" && item.order[0] !== 0);
    if (isMoved && !takesApart.has(node.operator)) use.refuse("moving the batch axis");
    const stated = constantOf(node, reading.source);
    const result = stated ?? reader(node, inputs)(use);
    const items = Array.isArray(result) ? (result as readonly Item[]) : [result as Item];
    if (stated === undefined) for (const item of items) countMade(item, inputs, reading.budget);
    const missing = node.outputs.slice(items.length).find((name) => name !== "" && reading.graph.uses.has(name));
    return missing === undefined ? items : use.refuse(`output ${missing}`);
  } catch (error) {
    const isKnown = error instanceof Unreadable || error instanceof FeaturemapError;
    if (!isKnown || reading.budget.isExceeded) throw error;
    problems.push(`${nameOf(node)}: ${error.message}`);
    return node.outputs.map(() => null);
  }
}

/** Counts the elements of a constant, unless they are those of an input. */
function countMade(item: Item, inputs: readonly (Item | undefined)[], budget: GraphBudget): void {
  if (item?.kind !== "constant") return;
  const isShared = inputs.some((input) => input?.kind === "constant" && input.values === item.values);
  if (!isShared) budget.spend(item.values.length);
}

/** Operators that may have the batch anywhere. */
const takesApart: ReadonlySet<string> = new Set([
  "Transpose",
  "Gather",
  "GatherND",
  "Identity",
  "Slice",
  "Split",
  "Squeeze",
]);

function reader(node: OnnxNode, inputs: readonly (Item | undefined)[]): (use: NodeUse) => Item | readonly Item[] {
  const isFolded = inputs.every((item) => item === undefined || item?.kind === "constant");
  const isStrided = inputs.some((item) => item?.kind === "all" || item?.kind === "places");
  const table = isStrided ? stridedOperators : isFolded ? foldings : operators;
  const read = node.domain === "" ? table.get(node.operator) : undefined;
  const domain = node.domain === "" ? "" : ` of ${node.domain}`;
  return (
    read ??
    ((use) =>
      use.refuse(
        isStrided
          ? "work on all examples together"
          : isFolded && operators.has(node.operator)
            ? "of constants alone"
            : `no such operator here${domain}`,
      ))
  );
}

/** What a node without inputs holds. */
function constantOf({ operator, domain, attributes }: OnnxNode, source: string): Constant | undefined {
  if (operator !== "Constant" || domain !== "") return undefined;
  for (const [name, value] of attributes) {
    if (name === "value" && typeof value === "object" && value !== null && "type" in value)
      return readConstant(value, source);
    if (name === "value_float" && typeof value === "number") return floats(Float32Array.of(value), []);
    if (name === "value_int" && typeof value === "number") return integers([value], []);
    if (name === "value_ints" && Array.isArray(value)) return integers(value as number[]);
    if (name === "value_floats" && Array.isArray(value))
      return floats(Float32Array.from(value as number[]), [value.length]);
  }
  return undefined;
}

/** Weights that several nodes share are each layer's own here. */
function noteShared(
  model: OnnxModel,
  graph: CheckedGraph,
  initializers: ReadonlyMap<string, Constant>,
  notes: Set<string>,
): void {
  const shared = model.graph.initializers.filter(({ name }) => {
    const constant = initializers.get(name);
    const users = (graph.users.get(name) ?? []).filter(({ operator }) =>
      /^(Conv|ConvTranspose|Gemm|MatMul)$/.test(operator),
    );
    return users.length > 1 && (constant?.shape.length ?? 0) > 1;
  });
  if (shared.length === 0) return;
  const names = shared.map(({ name }) => name).join(", ");
  notes.add(`Several layers share weights in the file (${names}); here each has its own, of the same values.`);
}
