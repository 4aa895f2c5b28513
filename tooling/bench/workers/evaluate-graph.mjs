/** @import { Node } from "../works/graph.mjs" */

/**
 * Computes a network: applies each node's layer to the results before it.
 *
 * @template Value
 * @param {readonly Node[]} nodes
 * @param {Value} input
 * @param {(node: Node) => { apply(inputs: any): any }} makeLayer
 * @returns {Value} The last node's result.
 */
export function evaluateGraph(nodes, input, makeLayer) {
  /** @type {Map<string, Value>} */
  const results = new Map([["input", input]]);
  let last = input;
  for (const node of nodes) {
    const [first, ...others] = node.inputs.map((name) => results.get(name));
    last = makeLayer(node).apply(others.length === 0 ? first : [first, ...others]);
    results.set(node.name, last);
  }
  return last;
}
