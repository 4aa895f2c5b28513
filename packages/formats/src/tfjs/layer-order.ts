import { type JsonObject, isObject } from "../reading/json.ts";

type Node = readonly [layer: string, node: number];

/**
 * The layers of a model by their names, those of models within it too, in the order in which TensorFlow.js has them: layers far from the
 * outputs first, and of those as far in the order in which the graph is walked from there.
 *
 * Source: `Container` of tfjs-layers 4.22.
 *
 * @param model in Keras 3's JSON
 */
export function tfjsLayerOrder({ class_name: className, config }: JsonObject): readonly JsonObject[] {
  const entries = isObject(config) && Array.isArray(config["layers"]) ? config["layers"].filter(isObject) : [];
  const ordered = className === "Functional" && isObject(config) ? graphOrder(config, entries) : entries;
  return ordered.flatMap((entry) => {
    const isModel = isObject(entry["config"]) && Array.isArray(entry["config"]["layers"]);
    return isModel ? tfjsLayerOrder(entry) : [entry];
  });
}

function graphOrder(config: JsonObject, entries: readonly JsonObject[]): readonly JsonObject[] {
  const byName = new Map(entries.map((entry) => [String(entry["name"]), entry]));
  const sourcesOf = ([layer, node]: Node): readonly Node[] => {
    const nodes = byName.get(layer)?.["inbound_nodes"];
    return Array.isArray(nodes) ? nodesIn(nodes[node]) : [];
  };
  const walked = walk(nodesIn(config["output_layers"]), sourcesOf);
  const places = new Map([...new Set(walked.entered.map(([layer]) => layer))].map((layer, place) => [layer, place]));
  const nodeDepths = new Map<string, number>();
  const layerDepths = new Map<string, number>();
  for (const node of walked.left.toReversed()) {
    const [layer] = node;
    const depth = Math.max(nodeDepths.get(keyOf(node)) ?? 0, layerDepths.get(layer) ?? 0);
    layerDepths.set(layer, depth);
    for (const source of sourcesOf(node)) {
      const key = keyOf(source);
      nodeDepths.set(key, Math.max(depth + 1, nodeDepths.get(key) ?? 0));
    }
  }
  const numbers = (name: unknown): readonly [number, number] => [
    layerDepths.get(String(name)) ?? 0,
    places.get(String(name)) ?? 0,
  ];
  return entries.toSorted((first, second) => {
    const [[depth, place], [otherDepth, otherPlace]] = [numbers(first["name"]), numbers(second["name"])];
    return otherDepth - depth || place - otherPlace;
  });
}

/** Nodes in the order in which they are come to, and in that in which all before them is done. */
function walk(
  ends: readonly Node[],
  sourcesOf: (node: Node) => readonly Node[],
): { readonly entered: readonly Node[]; readonly left: readonly Node[] } {
  const [entered, left]: [Node[], Node[]] = [[], []];
  const seen = new Set<string>();
  const open: { readonly node: Node; readonly rest: Iterator<Node> }[] = [];
  const enter = (node: Node): void => {
    if (seen.has(keyOf(node))) return;
    seen.add(keyOf(node));
    entered.push(node);
    open.push({ node, rest: sourcesOf(node).values() });
  };
  for (const end of ends) {
    enter(end);
    for (let last = open.at(-1); last !== undefined; last = open.at(-1)) {
      const { value, done } = last.rest.next();
      if (done === true) {
        left.push(last.node);
        open.pop();
      } else enter(value);
    }
  }
  return { entered, left };
}

function keyOf([layer, node]: Node): string {
  return `${node}/${layer}`;
}

/** All tensors in a value, by the node that gives them. */
function nodesIn(value: unknown): readonly Node[] {
  if (Array.isArray(value)) {
    const [layer, node] = value as unknown[];
    if (typeof layer === "string" && typeof node === "number") return [[layer, node]];
    return value.flatMap(nodesIn);
  }
  return isObject(value) ? Object.values(value).flatMap(nodesIn) : [];
}
