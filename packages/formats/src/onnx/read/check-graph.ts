import { FormatError, describeValue } from "@featuremap/tensor";
import type { OnnxGraph, OnnxNode } from "../proto/model-proto.ts";

/** A graph whose names all lead somewhere, and only once. */
export interface CheckedGraph {
  /** Each after those that make its inputs. */
  readonly nodes: readonly OnnxNode[];
  /** How often a value is used, as an input of a node or as an output of the graph. */
  readonly uses: ReadonlyMap<string, number>;
  /** The nodes that use a value. */
  readonly users: ReadonlyMap<string, readonly OnnxNode[]>;
}

/** How a node is called in errors: its operator, and its name or that of what it makes. */
export function nameOf({ operator, name, outputs }: OnnxNode): string {
  return `${operator} ${name === "" ? (outputs[0] ?? "") : name}`;
}

/**
 * Puts nodes in order, and checks what they say of each other.
 *
 * @throws {FormatError} a name is made twice or never, or nodes wait for each other.
 */
export function checkGraph(graph: OnnxGraph, source: string): CheckedGraph {
  const made = new Set<string>();
  const make = (name: string, what: string): void => {
    if (made.has(name)) throw new FormatError(source, what, "of a name that nothing else has", describeValue(name));
    made.add(name);
  };
  for (const { name } of graph.initializers) make(name, "an initializer");
  // Files of before IR version 4 list initializers among the inputs, too.
  for (const { name } of graph.inputs) if (!made.has(name)) make(name, "an input");
  const given = new Set(made);
  for (const node of graph.nodes) {
    for (const output of node.outputs) if (output !== "") make(output, `an output of ${nameOf(node)}`);
  }
  const users = new Map<string, OnnxNode[]>();
  const waiting = new Map<OnnxNode, number>();
  for (const node of graph.nodes) {
    const needed = new Set(node.inputs.filter((name) => name !== ""));
    for (const name of needed) {
      if (!made.has(name))
        throw new FormatError(source, `an input of ${nameOf(node)}`, "made by something", describeValue(name));
      const list = users.get(name) ?? [];
      users.set(name, list);
      list.push(node);
    }
    waiting.set(node, [...needed].filter((name) => !given.has(name)).length);
  }
  const nodes = inOrder(graph.nodes, waiting, users);
  if (nodes.length < graph.nodes.length) {
    const done = new Set(nodes);
    const stuck = graph.nodes.find((node) => !done.has(node));
    throw new FormatError(
      source,
      "graph",
      "without cycles",
      `one through ${stuck === undefined ? "it" : nameOf(stuck)}`,
    );
  }
  const uses = new Map([...users].map(([name, list]) => [name, list.length] as const));
  for (const { name } of graph.outputs) {
    if (!made.has(name)) throw new FormatError(source, "an output", "made by something", describeValue(name));
    uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  return { nodes, uses, users };
}

function inOrder(
  nodes: readonly OnnxNode[],
  waiting: Map<OnnxNode, number>,
  users: ReadonlyMap<string, readonly OnnxNode[]>,
): OnnxNode[] {
  const ready = nodes.filter((node) => waiting.get(node) === 0);
  for (const node of ready) {
    for (const output of node.outputs) {
      for (const user of users.get(output) ?? []) {
        const left = (waiting.get(user) ?? 0) - 1;
        waiting.set(user, left);
        if (left === 0) ready.push(user);
      }
    }
  }
  return ready;
}
