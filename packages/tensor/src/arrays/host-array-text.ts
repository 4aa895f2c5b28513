import { type FixedShape, stridesOf } from "../shapes/shape.ts";

type Nested = string | readonly Nested[];

const gap = "...";

/**
 * Elements as nested brackets: one row a line, columns aligned, blank lines between matrices.
 *
 * @param edge axes longer than `2 * edge` show their first and last `edge` entries
 */
export function formatElements(data: ArrayLike<number>, shape: FixedShape, edge: number): string {
  const strides = stridesOf(shape);
  const nest = (axis: number, offset: number): Nested => {
    const length = shape[axis];
    if (length === undefined) return formatNumber(data[offset] ?? Number.NaN);
    const entries = (from: number, to: number): Nested[] =>
      Array.from({ length: to - from }, (_, index) => nest(axis + 1, offset + (from + index) * (strides[axis] ?? 0)));
    return length > 2 * edge ? [...entries(0, edge), gap, ...entries(length - edge, length)] : entries(0, length);
  };
  const elements = nest(0, 0);
  return join(elements, shape.length, 1, widest(elements));
}

function widest(nested: Nested): number {
  if (typeof nested === "string") return nested === gap ? 0 : nested.length;
  return nested.reduce((width, entry) => Math.max(width, widest(entry)), 0);
}

function join(nested: Nested, depth: number, indent: number, width: number): string {
  if (typeof nested === "string") return nested === gap ? gap : nested.padStart(width);
  const entries = nested.map((entry) => join(entry, depth - 1, indent + 1, width));
  return `[${entries.join(depth === 1 ? " " : "\n".repeat(depth - 1) + " ".repeat(indent))}]`;
}

function formatNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}
