import type { Item, NodeReader, NodeUse, Tensor } from "../node-use.ts";
import { aligned } from "./operands.ts";

/** Truth as 1 and 0, which Keras has as a type of its own. */
function truth(use: NodeUse, className: string, items: readonly (Item | undefined)[]): Tensor {
  const { args, order } = aligned(use, items);
  const compared = use.operation(className, args, order);
  const output = use.operation("Cast", [compared.keras], order, { dtype: "float32" }, "core");
  return { ...output, isPositive: true, from: { word: "truth", input: output } };
}

const compared =
  (className: string): NodeReader =>
  (use) =>
    truth(use, className, use.inputs);

/** Of truth as 1 and 0. */
const combined =
  (className: string): NodeReader =>
  (use) => {
    const { args, order } = aligned(use, use.inputs);
    const output = use.operation(className, args, order);
    return { ...output, isPositive: true, from: { word: "truth", input: output } };
  };

const not: NodeReader = (use) => {
  const input = use.settled(use.tensor(0));
  const output = use.operation("Subtract", [1, input.keras], input.order);
  return { ...output, isPositive: true, from: { word: "truth", input: output } };
};

const where: NodeReader = (use) => {
  const { args, order } = aligned(use, use.inputs);
  return use.operation("Where", args, order);
};

const cast: NodeReader = (use) => {
  const to = use.number("to", 1);
  const input = use.tensor(0);
  if (to === boolean) return input.from?.word === "truth" ? input : truth(use, "NotEqual", [input, zero]);
  if (![1, 10, 11, 16].includes(to) && input.from?.word !== "truth") return use.refuse("numbers made integers");
  if (to === 10 || to === 16)
    use.reading.notes.add("The file computes with half precision in places; here it is float32.");
  return input;
};

/** ONNX's number of the type. */
const boolean = 9;
const zero: Item = { kind: "constant", shape: [], isInteger: false, values: Float32Array.of(0) };

/** To the type of another value, which among tensors that are computed is that of floats. */
const castLike: NodeReader = (use) => {
  const [item, other] = use.inputs;
  if (other?.kind === "constant" && other.isInteger) return use.refuse("numbers made integers");
  return item?.kind === "constant" ? { ...item, isInteger: false } : use.tensor(0);
};

export const comparisons: Readonly<Record<string, NodeReader>> = {
  Greater: compared("Greater"),
  GreaterOrEqual: compared("GreaterEqual"),
  Less: compared("Less"),
  LessOrEqual: compared("LessEqual"),
  Equal: compared("Equal"),
  And: combined("Multiply"),
  Or: combined("Maximum"),
  Xor: compared("NotEqual"),
  Not: not,
  Where: where,
  Cast: cast,
  CastLike: castLike,
};
