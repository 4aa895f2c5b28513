import type { OnnxNode } from "../../proto/model-proto.ts";
import type { NodeReader, NodeUse } from "../node-use.ts";

/** What makes a value: an operator of others, the node's input, the same sorted, the axis sorted along, or a number. */
type Form = "x" | "sorted" | "axis" | number | Step;

interface Step {
  readonly operator: string;
  readonly inputs: readonly Form[];
}

function step(operator: string, ...inputs: readonly Form[]): Step {
  return { operator, inputs };
}

const sums = step("CumSum", "sorted", "axis");
const counts = step("CumSum", step("Cast", step("Equal", "sorted", "sorted")), "axis");
const mask = step("Cast", step("Greater", step("Mul", "sorted", counts), step("Add", sums, -1)));
const support = step("ReduceSum", mask, "axis");
const excess = step("Add", step("ReduceSum", step("Mul", "sorted", mask), "axis"), -1);

/** As `encodeOnnx` writes the activation, for which ONNX has no operator. */
const sparsemax = step("Relu", step("Sub", "x", step("Div", excess, support)));

/** How many nodes follow the sorting. */
const mostNodes = 15;

/** The only attributes of some, which are 1. */
const attributesOf: ReadonlyMap<string, string> = new Map([
  ["Cast", "to"],
  ["ReduceSum", "keepdims"],
]);

/** Sorting, where it is the first step of sparsemax. */
const topK: NodeReader = (use) => {
  const input = use.settled(use.tensor(0));
  const own = use.axis(use.number("axis", -1), input.shape.length);
  const [count] = use.weight(1).values;
  const isWhole = count === input.shape[own] && use.number("largest", 1) === 1 && use.number("sorted", 1) === 1;
  const end = isWhole ? endOfSparsemax(use, own) : undefined;
  if (end === undefined) return use.refuse("sorting that is no sparsemax");
  const order = [...input.order.filter((axis) => axis !== own), own];
  const output = use.activation("sparsemax", use.turned(input, order));
  use.reading.done.set(end, { ...output, isPositive: true });
  // The steps between are nothing by themselves.
  return [null];
};

/** The last node of the activation, if all that follows from the sorting is that and nothing else is made of it. */
function endOfSparsemax(use: NodeUse, axis: number): OnnxNode | undefined {
  const { graph, items } = use.reading;
  const [x = ""] = use.node.inputs;
  const [sorted = "", places = ""] = use.node.outputs;
  const makers = new Map<string, OnnxNode>();
  let end: OnnxNode | undefined;
  const pending = [sorted];
  for (const value of pending) {
    const users = graph.users.get(value) ?? [];
    if (users.length > mostNodes || graph.uses.get(value) !== users.length) return undefined;
    for (const node of users) {
      const [output = ""] = node.outputs;
      if (makers.has(output)) continue;
      makers.set(output, node);
      if (node.operator === "Relu") end = node;
      else pending.push(output);
    }
    if (makers.size > mostNodes) return undefined;
  }
  const matched = new Set<OnnxNode>();
  const isOf = (name: string, form: Form): boolean => {
    if (form === "x") return name === x;
    if (form === "sorted") return name === sorted;
    if (typeof form === "object") {
      const node = makers.get(name);
      const { operator, inputs } = form;
      if (node?.operator !== operator || node.domain !== "" || node.inputs.length !== inputs.length) return false;
      const attribute = attributesOf.get(operator);
      if (node.attributes.size !== (attribute === undefined ? 0 : 1)) return false;
      if (attribute !== undefined && node.attributes.get(attribute) !== 1) return false;
      matched.add(node);
      return inputs.every((input, index) => isOf(node.inputs[index] ?? "", input));
    }
    const item = items.get(name);
    return item?.kind === "constant" && item.values.length === 1 && item.values[0] === (form === "axis" ? axis : form);
  };
  const fits = end !== undefined && isOf(end.outputs[0] ?? "", sparsemax) && matched.size === makers.size;
  return fits && (places === "" || !graph.uses.has(places)) ? end : undefined;
}

export const sorting: Readonly<Record<string, NodeReader>> = { TopK: topK };
