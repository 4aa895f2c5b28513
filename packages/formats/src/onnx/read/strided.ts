import { inverse, plainOrder } from "../layouts.ts";
import { broadcastShapes, sizeOf } from "@featuremap/tensor";
import { expanded, like, reshapedConstant } from "./constant-arrays.ts";
import { type Constant, integers } from "./constants.ts";
import { axisOf, unsqueezed } from "./lengths.ts";
import type { NodeReader, NodeUse, Places } from "./node-use.ts";
import { reshaped } from "./operators/shapes.ts";

// PyTorch writes pooling to one place this way, where the channels lie last in memory: `as_strided`.

function split(use: NodeUse): { readonly places: Places; readonly constant: Constant } {
  const [a, b] = use.inputs;
  const [places, constant] = a?.kind === "places" ? [a, b] : [b, a];
  return places?.kind === "places" && constant?.kind === "constant"
    ? { places, constant }
    : use.refuse("work on all examples together");
}

const multiply: NodeReader = (use) => {
  const { places, constant } = split(use);
  const [factor = 0] = constant.values;
  if (constant.values.length !== 1) return use.refuse("several factors of a range that is open");
  const offsets = like(
    places.offsets,
    Array.from(places.offsets.values, (value) => value * factor),
    places.offsets.shape,
  );
  return { ...places, stride: places.stride * factor, offsets };
};

const add: NodeReader = (use) => {
  const { places, constant } = split(use);
  const shape = broadcastShapes(places.offsets.shape, constant.shape).map((length) => length ?? 0);
  const axis = places.axis + shape.length - places.offsets.shape.length;
  if (shape[axis] !== 1) return use.refuse("a constant for each example");
  const [left, right] = [expanded(use, places.offsets, shape), expanded(use, constant, shape)];
  const sums = Array.from(left.values, (value, index) => value + (right.values[index] ?? 0));
  return { ...places, axis, offsets: like(places.offsets, sums, shape) };
};

const unsqueeze: NodeReader = (use) => {
  const places = use.inputs[0];
  if (places?.kind !== "places") return use.refuse("work on all examples together");
  const marks = places.offsets.shape.map((_, axis) => axis === places.axis);
  const axis = unsqueezed(use, marks, false).indexOf(true);
  return { ...places, axis, offsets: reshapedConstant(places.offsets, unsqueezed(use, places.offsets.shape, 1)) };
};

const identity: NodeReader = (use) => use.inputs[0] ?? null;

/** What is taken of all elements is the tensor in another shape. */
const gather: NodeReader = (use) => {
  const [all, index] = use.inputs;
  if (all?.kind !== "all" || all.joined !== all.tensor.shape.length || axisOf(use, use.number("axis", 0), 1) !== 0)
    return use.refuse("work on all examples together");
  const places = index?.kind === "constant" ? countingOn(use, index) : index;
  if (places?.kind !== "places") return use.refuse("work on all examples together");
  const lengths = all.tensor.shape.slice(1).map((length) => length ?? use.refuse("open lengths"));
  const { stride, axis, offsets } = places;
  const isWhole = stride === sizeOf(lengths) && axis === 0 && offsets.values.length === stride;
  if (!isWhole || !offsets.values.every((value, at) => value === at)) return use.refuse("places across examples");
  return reshaped(use, all.tensor, [null, ...offsets.shape.slice(1)]);
};

/** Of a fixed number of examples. */
function countingOn(use: NodeUse, index: Constant): Places {
  const [batch = 0, ...rest] = index.shape;
  const stride = index.values.length / batch;
  const counts = index.values.every((value, at) => value === at);
  if (batch !== use.reading.batch || !counts) return use.refuse("places across examples");
  return {
    kind: "places",
    stride,
    axis: 0,
    offsets: integers(Array.from(index.values.subarray(0, stride)), [1, ...rest]),
  };
}

/** Of the axes behind those that are joined. */
const transpose: NodeReader = (use) => {
  const all = use.inputs[0];
  const perm = use.list("perm");
  if (all?.kind !== "all" || perm[0] !== 0 || perm.length !== all.tensor.shape.length - all.joined + 1)
    return use.refuse("moving the batch axis");
  const { tensor, joined } = all;
  const axes = [...plainOrder(joined), ...perm.slice(1).map((axis) => axis + joined - 1)];
  const to = inverse(axes);
  const shape = axes.map((axis) => tensor.shape[axis] ?? null);
  const order = tensor.order.map((axis) => to[axis] ?? 0);
  return { ...all, tensor: { ...tensor, shape, order, from: undefined } };
};

/** The axes that were joined, apart again. */
const reshape: NodeReader = (use) => {
  const all = use.inputs[0];
  const target = use.numbers(1, "shape") ?? use.refuse("no shape");
  if (all?.kind !== "all" || target.length !== all.tensor.shape.length) return use.refuse("a shape across examples");
  const { shape } = all.tensor;
  const [first = 0, ...rest] = target;
  const isBatch = first === -1 || Number.isNaN(first) || first === use.reading.batch;
  // One length may be left open, where all others are known.
  const open = target.filter((length) => length === -1).length;
  const fits = rest.every(
    (length, index) => length === shape[index + 1] || (length === -1 && open === 1 && !(first === -1)),
  );
  return isBatch && fits ? all.tensor : use.refuse("a shape across examples");
};

/** Operators on what only makes sense together with all examples. */
export const stridedOperators: ReadonlyMap<string, NodeReader> = new Map([
  ["Mul", multiply],
  ["Add", add],
  ["Unsqueeze", unsqueeze],
  ["Cast", identity],
  ["Identity", identity],
  ["Gather", gather],
  ["Transpose", transpose],
  ["Reshape", reshape],
]);
