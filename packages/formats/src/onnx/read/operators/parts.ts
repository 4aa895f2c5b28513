import { type Shape, stridesOf } from "@featuremap/tensor";
import { sliceBounds } from "../lengths.ts";
import type { Constant } from "../constants.ts";
import type { NodeReader, NodeUse, Tensor } from "../node-use.ts";
import { numbers, slice as pythonSlice } from "./items.ts";

/** Takes parts along some axes. */
export function taken(use: NodeUse, tensor: Tensor, items: ReadonlyMap<number, unknown>): Tensor {
  const input = use.settled(tensor);
  const whole = pythonSlice(null, null, null);
  const all = input.order.map((axis) => items.get(axis) ?? whole);
  const left = input.order.filter((axis) => typeof items.get(axis) !== "number");
  const ascending = left.toSorted((a, b) => a - b);
  const output = use.operation(
    "GetItem",
    [input.keras, all],
    left.map((axis) => ascending.indexOf(axis)),
  );
  return { ...output, isPositive: input.isPositive };
}

/** Takes places along an axis of the file, whose table then is in place of the axis. */
function table(use: NodeUse, tensor: Tensor, axis: number, indices: Constant): Tensor {
  const row = takenAt(use, tensor, axis, [...indices.values]);
  const added = indices.shape.length - 1;
  const lengths = row.order.flatMap((own, place): Shape =>
    own === axis ? indices.shape : [row.keras.shape[place] ?? null],
  );
  const order = row.order.flatMap((own) =>
    own === axis ? indices.shape.map((_, index) => axis + index) : [own > axis ? own + added : own],
  );
  const target = lengths.slice(1).map((length) => length ?? use.refuse("open lengths"));
  const output = use.layer("Reshape", { target_shape: target }, [row], order, {}, "_table");
  return { ...output, isPositive: tensor.isPositive };
}

/** Takes places along an axis of the file. */
export function takenAt(use: NodeUse, tensor: Tensor, axis: number, places: readonly number[]): Tensor {
  const input = use.settled(tensor);
  const config = { axis: input.order.indexOf(axis) };
  const output = use.operation("Take", [input.keras, numbers(places, "int32")], input.order, config);
  return { ...output, isPositive: input.isPositive };
}

const slice: NodeReader = (use) => {
  const tensor = use.tensor(0);
  const starts = use.numbers(1, "starts") ?? use.refuse("no starts");
  const ends = use.numbers(2, "ends") ?? use.refuse("no ends");
  const axes = use.numbers(3, "axes") ?? starts.map((_, index) => index);
  const steps = use.numbers(4, "steps") ?? starts.map(() => 1);
  const items = new Map<number, unknown>();
  for (const [index, given] of axes.entries()) {
    const axis = given < 0 ? given + tensor.shape.length : given;
    const [start = 0, end = 0, step = 1] = [starts[index], ends[index], steps[index]];
    const isWhole = step === 1 && start === 0 && end > 2 ** 31 - 2;
    if (isWhole) continue;
    if (step === 0) return use.refuse("steps of 0");
    const length = tensor.shape[use.axis(axis, tensor.shape.length, tensor.order[0])] ?? null;
    if (length === null) {
      if (step < 0) return use.refuse("steps backward over an open length");
      items.set(axis, pythonSlice(start, end > 2 ** 31 - 2 ? null : end, step));
      continue;
    }
    const bounds = sliceBounds(start, end, step, length);
    if (bounds.count === 0) return use.refuse("a part without elements");
    const stop = bounds.start + (bounds.count - 1) * step + Math.sign(step);
    items.set(axis, pythonSlice(bounds.start, stop < 0 ? null : stop, step));
  }
  return items.size === 0 ? tensor : taken(use, tensor, items);
};

const gather: NodeReader = (use) => {
  const tensor = use.tensor(0);
  const axis = use.axis(use.number("axis", 0), tensor.shape.length, tensor.order[0]);
  const indices = use.weight(1);
  const [index = 0] = indices.values;
  if (indices.shape.length > 1) return table(use, tensor, axis, indices);
  if (indices.values.length !== 1) return takenAt(use, tensor, axis, [...indices.values]);
  const item = indices.shape.length === 0 ? index : pythonSlice(index, index === -1 ? null : index + 1, 1);
  return taken(use, tensor, new Map([[axis, item]]));
};

const split: NodeReader = (use) => {
  const tensor = use.tensor(0);
  const axis = use.axis(use.number("axis", 0), tensor.shape.length, tensor.order[0]);
  const length = tensor.shape[axis] ?? use.refuse("parts of an open length");
  const { outputs } = use.node;
  const each = Math.ceil(length / outputs.length);
  const sizes = use.numbers(1, "split") ?? outputs.map((_, index) => Math.min(each, length - index * each));
  if (sizes.length !== outputs.length || sizes.reduce((sum, size) => sum + size, 0) !== length)
    return use.refuse("parts that do not add up");
  let start = 0;
  return sizes.map((size) => {
    const item = pythonSlice(start, start + size, 1);
    start += size;
    return taken(use, tensor, new Map([[axis, item]]));
  });
};

/** Places along the first axes of the file, each of which goes along axes of its own: PyTorch's `x[:, :, rows, columns]`. */
const gatherPlaces: NodeReader = (use) => {
  const tensor = use.settled(use.tensor(0));
  const indices = use.weight(1);
  const grid = indices.shape.slice(0, -1);
  const count = indices.shape.at(-1) ?? 0;
  if (use.number("batch_dims", 0) !== 0 || count < 1 || count > 3) return use.refuse("batch_dims, or other indices");
  const axes = Array.from({ length: count }, (_, axis) => use.axis(axis, tensor.shape.length, tensor.order[0]));
  const strides = stridesOf(grid);
  const along = axes.map((axis) => variesAlong(indices, strides, axis));
  // Coordinates in the order of the axes, each along the next ones.
  const isGrid = along.flat().every((axis, index, all) => index === 0 || axis > (all[index - 1] ?? 0));
  if (!isGrid) return use.refuse("places that are no grid");
  const chosen = axes.reduce((result, axis) => {
    const own = along[axis] ?? [];
    const places = gridPlaces(grid, own).map((at) => indices.values[at * count + axis] ?? 0);
    return takenAt(use, result, axis, places);
  }, tensor);
  return onGrid(use, chosen, grid, along);
};

/** Axes of the grid along which a coordinate changes. */
function variesAlong({ values, shape }: Constant, strides: readonly number[], coordinate: number): readonly number[] {
  const count = shape.at(-1) ?? 1;
  return strides
    .map((_, axis) => axis)
    .filter((axis) => {
      const [stride = 1, length = 1] = [strides[axis], shape[axis]];
      return Array.from({ length: values.length / count }, (_, at) => at).some((at) => {
        const first = at - (Math.floor(at / stride) % length) * stride;
        return values[at * count + coordinate] !== values[first * count + coordinate];
      });
    });
}

/** Numbers of the places of a grid along some of its axes, the others at their beginning. */
function gridPlaces(grid: readonly number[], axes: readonly number[]): readonly number[] {
  const strides = stridesOf(grid);
  return axes.reduce<readonly number[]>(
    (places, axis) => {
      const stride = strides[axis] ?? 0;
      return places.flatMap((place) => Array.from({ length: grid[axis] ?? 1 }, (_, index) => place + index * stride));
    },
    [0],
  );
}

/** The axes that were taken from, each with the lengths of its part of the grid, before all others. */
function onGrid(use: NodeUse, tensor: Tensor, grid: readonly number[], along: readonly (readonly number[])[]): Tensor {
  // An axis of the grid of which nothing depends goes with the coordinate before it.
  const ends = along.map((_, axis) =>
    axis === along.length - 1 ? grid.length : (along[axis + 1]?.[0] ?? grid.length),
  );
  const parts = along.map((_, axis) => [axis === 0 ? 0 : (ends[axis - 1] ?? 0), ends[axis] ?? 0] as const);
  const moved = grid.length - along.length;
  const lengths: (number | null)[] = [];
  const order: number[] = [];
  for (const [place, axis] of tensor.order.entries()) {
    const part = parts[axis];
    if (part === undefined) {
      lengths.push(tensor.keras.shape[place] ?? null);
      order.push(axis + moved);
      continue;
    }
    lengths.push(...grid.slice(...part));
    for (let own = part[0]; own < part[1]; own++) order.push(own);
  }
  const target = lengths.slice(1).map((length) => length ?? use.refuse("open lengths"));
  const output = use.layer("Reshape", { target_shape: target }, [tensor], order, {}, "_grid");
  return { ...output, isPositive: tensor.isPositive };
}

export const parts: Readonly<Record<string, NodeReader>> = {
  Slice: slice,
  Gather: gather,
  Split: split,
  GatherND: gatherPlaces,
};
