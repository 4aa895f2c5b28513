import { type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type ConfigReader, isRecord } from "../config/config-reader.ts";
import type { Computation } from "../model/operation-layer.ts";

/** What Python's `x[:, 1:3, 0, ..., None]` has between its commas. */
type Item =
  | { readonly kind: "slice"; readonly start: number | null; readonly stop: number | null; readonly step: number }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "newAxis" }
  | { readonly kind: "rest" };

/** What is taken of one axis of the input, or an axis that is added. */
type Taken = Exclude<Item, { readonly kind: "rest" }>;

const whole: Taken = { kind: "slice", start: null, stop: null, step: 1 };

/**
 * Takes parts of a tensor as NumPy does, of every example the same.
 *
 * @param given the items in Keras's JSON
 * @throws {FormatError} they are not a list of slices, integers, `None` and one `...`, or do not leave the batch axis as it is.
 */
export function readItemOperation(reader: ConfigReader, given: unknown): Computation {
  const items = Array.isArray(given) ? given.map(readItem) : [];
  const [first] = items;
  const leavesBatch = first?.kind === "rest" || (first !== undefined && isWhole(first));
  const known = items.filter((item): item is Item => item !== undefined);
  if (!leavesBatch || known.length < items.length || known.filter(({ kind }) => kind === "rest").length > 1) {
    return reader.fail("items", "a list of slices, integers, None and one ellipsis, with the batch axis whole", given);
  }
  return {
    operands: "tensor and items",
    outputShape: ([shape = []]) =>
      expand(known, shape).flatMap((item, axis, all) => {
        const length = shape[inputAxis(all, axis)] ?? null;
        if (item.kind === "newAxis") return [1];
        if (item.kind === "slice") return [isWhole(item) || length === null ? length : rangeOf(item, length).count];
        positionOf(item.index, length);
        return [];
      }),
    compute: ([x = 0]) => (typeof x === "number" ? tf.scalar(x) : take(x, expand(known, x.shape))),
  };
}

function readItem(entry: unknown): Item | undefined {
  if (entry === null) return { kind: "newAxis" };
  if (Number.isInteger(entry)) return { kind: "index", index: Number(entry) };
  if (!isRecord(entry)) return undefined;
  if (entry["class_name"] === "__ellipsis__") return { kind: "rest" };
  if (entry["class_name"] !== "__slice__" || !isRecord(entry["config"])) return undefined;
  const { start = null, stop = null, step } = entry["config"];
  const isBound = (value: unknown): value is number | null => value === null || Number.isInteger(value);
  const stride = step ?? 1;
  if (!isBound(start) || !isBound(stop) || !Number.isInteger(stride) || stride === 0) return undefined;
  return { kind: "slice", start, stop, step: Number(stride) };
}

function isWhole(item: Item): boolean {
  return item.kind === "slice" && item.start === null && item.stop === null && item.step === 1;
}

/** An item for every axis of the input, those of the ellipsis or at the end whole, and new axes between. */
function expand(items: readonly Item[], shape: Shape): readonly Taken[] {
  const named = items.filter(({ kind }) => kind === "slice" || kind === "index").length;
  if (named > shape.length) {
    throw new ShapeError("GetItem", "input", `of ${named} axes or more`, formatShape(shape));
  }
  const rest = Array.from({ length: shape.length - named }, () => whole);
  const all = items.flatMap((item) => (item.kind === "rest" ? rest : [item]));
  return items.some(({ kind }) => kind === "rest") ? all : [...all, ...rest];
}

function inputAxis(items: readonly Taken[], place: number): number {
  return items.slice(0, place).filter(({ kind }) => kind !== "newAxis").length;
}

/** @param length of the axis, where it is known. @throws {ShapeError} the axis ends before it. */
function positionOf(index: number, length: number | null): number {
  const position = index < 0 ? index + (length ?? 0) : index;
  if (length === null || (position >= 0 && position < length)) return position;
  throw new ShapeError("GetItem", "index", `in an axis of ${length}`, `${index}`);
}

/** Where a slice begins in an axis, and how many places it takes. Source: Python's `slice.indices`. */
function rangeOf(
  item: Extract<Taken, { kind: "slice" }>,
  length: number,
): { readonly from: number; readonly count: number } {
  const { start, stop, step } = item;
  const [least, most] = step > 0 ? [0, length] : [-1, length - 1];
  const bound = (value: number | null, otherwise: number): number =>
    value === null ? otherwise : Math.min(Math.max(value < 0 ? value + length : value, least), most);
  const from = bound(start, step > 0 ? least : most);
  const count = Math.max(0, Math.ceil((bound(stop, step > 0 ? most : least) - from) / step));
  return { from, count };
}

/** By slices, or where they have steps by gathering, since both have gradients. */
function take(x: tf.Tensor, items: readonly Taken[]): tf.Tensor {
  let taken = x;
  const shape: number[] = [];
  items.forEach((item, place) => {
    const axis = inputAxis(items, place);
    const length = x.shape[axis] ?? 1;
    if (item.kind === "newAxis") {
      shape.push(1);
    } else if (item.kind === "index") {
      taken = along(taken, axis, positionOf(item.index, length), 1);
    } else {
      const { from, count } = rangeOf(item, length);
      if (!isWhole(item)) taken = along(taken, axis, from, count, item.step);
      shape.push(count);
    }
  });
  return tf.reshape(taken, shape);
}

function along(x: tf.Tensor, axis: number, from: number, count: number, step = 1): tf.Tensor {
  if (step !== 1) {
    const positions = Int32Array.from({ length: count }, (_, place) => from + place * step);
    return tf.gather(x, tf.tensor1d(positions, "int32"), axis);
  }
  const begin = x.shape.map((_, each) => (each === axis ? from : 0));
  const size = x.shape.map((length, each) => (each === axis ? count : length));
  return tf.slice(x, begin, size);
}
