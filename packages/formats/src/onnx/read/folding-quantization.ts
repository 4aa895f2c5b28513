import { expanded, like } from "./constant-arrays.ts";
import type { NodeReader, NodeUse } from "./node-use.ts";
import { alongAxis, rangeOf } from "./operators/quantization.ts";

/** Each number with its factor and its zero point. */
function quantized(
  use: NodeUse,
  isInteger: boolean,
  compute: (value: number, scale: number, zero: number) => number,
): ReturnType<NodeReader> {
  const x = use.weight(0);
  const [scale, zero] = [use.weight(1), use.constant(2)].map((constant) =>
    constant === undefined ? undefined : expanded(use, alongAxis(use, constant, x.shape.length), x.shape),
  );
  const values = Array.from(x.values, (value, index) =>
    compute(value, scale?.values[index] ?? 1, zero?.values[index] ?? 0),
  );
  return like({ ...x, isInteger }, values, x.shape);
}

/** The floats that quantized weights stand for. */
const dequantize: NodeReader = (use) => {
  use.reading.notes.add("Weights that the file has as integers became float32.");
  return quantized(use, false, (value, scale, zero) => (value - zero) * scale);
};

const quantize: NodeReader = (use) => {
  const [least, most] = rangeOf(use);
  return quantized(use, true, (value, scale, zero) =>
    Math.min(Math.max(toEven(Math.fround(value / scale)) + zero, least), most),
  );
};

/** The nearest integer, of two as near the even one. */
function toEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** Quantization of constants. */
export const foldedQuantizations: readonly (readonly [string, NodeReader])[] = [
  ["DequantizeLinear", dequantize],
  ["QuantizeLinear", quantize],
];
