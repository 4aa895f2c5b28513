import type { ElementType } from "../../../tensors/element-types.ts";
import type { Constant } from "../constants.ts";
import type { NodeReader, NodeUse, Tensor } from "../node-use.ts";
import { operandOf } from "./operands.ts";

/** The least and the largest integer of a type. */
const ranges: Readonly<Partial<Record<ElementType, readonly [number, number]>>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65_535],
  int16: [-32_768, 32_767],
};

/** A factor or zero point: one number, or one for each place along the node's axis. */
export function alongAxis(use: NodeUse, constant: Constant, rank: number): Constant {
  const { length } = constant.values;
  if (use.number("block_size", 0) !== 0 || constant.shape.length > 1) return use.refuse("blocks of an axis");
  if (length === 1) return { ...constant, shape: [] };
  const axis = use.number("axis", 1);
  const counted = axis < 0 ? axis + rank : axis;
  if (!(counted >= 0 && counted < rank)) return use.refuse(`axis ${axis} of ${rank}`);
  return { ...constant, shape: [length, ...Array.from({ length: rank - 1 - counted }, () => 1)] };
}

function scaleOf(use: NodeUse, input: Tensor): unknown {
  return operandOf(use, alongAxis(use, use.weight(1), input.shape.length), input.order);
}

/** What is added to quantized numbers; undefined where it is 0. */
function zeroOf(use: NodeUse, input: Tensor): unknown {
  const zero = use.constant(2);
  if (zero === undefined || zero.values.every((value) => value === 0)) return undefined;
  return operandOf(use, alongAxis(use, zero, input.shape.length), input.order);
}

/** The least and the largest integer that a node quantizes to. */
export function rangeOf(use: NodeUse): readonly [number, number] {
  const type = use.constant(2)?.type ?? (use.number("output_dtype", 2) === 2 ? "uint8" : "float32");
  return ranges[type] ?? use.refuse(`quantization to ${type}`);
}

/** Integers stay floats here. */
const quantize: NodeReader = (use) => {
  const input = use.settled(use.tensor(0));
  const zero = zeroOf(use, input);
  const [x_min, x_max] = rangeOf(use);
  const { order } = input;
  const scaled = use.operation("Divide", [input.keras, scaleOf(use, input)], order);
  const rounded = use.operation("Round", [scaled.keras], order);
  const moved = zero === undefined ? rounded : use.operation("Add", [rounded.keras, zero], order);
  use.reading.notes.add("The file rounds activations to integers, which is computed here, in float32.");
  return { ...use.operation("Clip", [moved.keras], order, { x_min, x_max }), isPositive: x_min === 0 };
};

const dequantize: NodeReader = (use) => {
  const input = use.settled(use.tensor(0));
  const zero = zeroOf(use, input);
  const { order } = input;
  const moved = zero === undefined ? input : use.operation("Subtract", [input.keras, zero], order);
  const output = use.operation("Multiply", [moved.keras, scaleOf(use, input)], order);
  return { ...output, isPositive: zero === undefined && input.isPositive };
};

export const quantizations: Readonly<Record<string, NodeReader>> = {
  QuantizeLinear: quantize,
  DequantizeLinear: dequantize,
};
