import { type Shape, sizeOf } from "@featuremap/tensor";
import { channelsLast, inverse, plainOrder } from "../../layouts.ts";
import { integers } from "../constants.ts";
import { squeezedAxes, unsqueezed } from "../lengths.ts";
import type { Item, NodeReader, NodeUse, Tensor } from "../node-use.ts";
import { mostNumbers } from "./items.ts";
import { taken, takenAt } from "./parts.ts";
import { globalPool } from "./global-pooling.ts";

/** One row of each example. */
function flat(use: NodeUse, tensor: Tensor): Tensor {
  if (tensor.shape.length === 2) return tensor;
  const { from, shape, order } = tensor;
  if (from?.word === "global Average" || from?.word === "global Max") {
    return globalPool(use, from.word === "global Max" ? "Max" : "Average", from.input, false);
  }
  const long = order.slice(1).filter((axis) => shape[axis] !== 1);
  const isInOrder = long.every((axis, index) => index === 0 || axis > (long[index - 1] ?? 0));
  if (isInOrder) return { ...use.layer("Flatten", {}, [tensor], [0, 1]), isPositive: tensor.isPositive };
  const lengths = shape.slice(1).map((length) => length ?? use.refuse("flattening open lengths"));
  return { ...tensor, shape: [null, sizeOf(lengths)], order: [0, 1], flatOf: tensor, from: undefined };
}

/** Another shape, batch axis first; one length may be open. */
export function reshaped(use: NodeUse, given: Tensor, shape: Shape): Tensor {
  const known = (lengths: Shape): string => lengths.join();
  if (known(given.shape) === known(shape) && shape.slice(1).every((length) => length !== null)) return given;
  if (shape.length === 2 && given.shape.length > 2) return flat(use, given);
  const tensor = use.settled(given);
  const own = withOnes(tensor, shape);
  if (own !== undefined) {
    const target = own.map((axis) => shape[axis] ?? null).slice(1);
    return {
      ...use.layer("Reshape", { target_shape: targetOf(use, target) }, [tensor], own),
      isPositive: tensor.isPositive,
    };
  }
  const plain = use.turned(tensor, plainOrder(tensor.shape.length));
  const target = targetOf(use, shape.slice(1));
  return {
    ...use.layer("Reshape", { target_shape: target }, [plain], plainOrder(shape.length)),
    isPositive: tensor.isPositive,
  };
}

function targetOf(use: NodeUse, lengths: Shape): readonly number[] {
  if (lengths.filter((length) => length === null).length > 1) return use.refuse("reshaping with several open lengths");
  return lengths.map((length) => length ?? -1);
}

/** The order of axes that a tensor can keep where only axes of length 1 come or go; undefined where others do. */
function withOnes(tensor: Tensor, shape: Shape): readonly number[] | undefined {
  const long = (lengths: Shape): number[] =>
    [...lengths.entries()].filter(([axis, length]) => axis > 0 && length !== 1).map(([axis]) => axis);
  const [before, after] = [long(tensor.shape), long(shape)];
  const isAlike =
    before.length === after.length && before.every((axis, index) => tensor.shape[axis] === shape[after[index] ?? 0]);
  if (!isAlike) return undefined;
  // Where each long axis of the Keras tensor goes, in its order there.
  const kept = tensor.order.filter((axis) => before.includes(axis)).map((axis) => after[before.indexOf(axis)] ?? 0);
  const rank = shape.length;
  const candidates = [rank > 2 && rank < 6 ? channelsLast(rank) : plainOrder(rank), plainOrder(rank)];
  const fits = (order: readonly number[]): boolean =>
    order.filter((axis) => after.includes(axis)).join() === kept.join();
  return candidates.find(fits);
}

const flatten: NodeReader = (use) => {
  const tensor = use.tensor(0);
  const rank = tensor.shape.length;
  const axis = use.number("axis", 1);
  const counted = axis < 0 ? axis + rank : axis;
  const before = tensor.shape.slice(1, counted);
  if (counted < 1 || before.some((length) => length !== 1))
    return use.refuse(`axis ${axis}, which joins examples or makes them several`);
  return flat(use, tensor);
};

const reshape: NodeReader = (use) => {
  const tensor = use.tensor(0);
  const given = use.numbers(1, "shape") ?? use.refuse("no shape");
  if (given.length === 1 && given[0] === -1) return { kind: "all", tensor, joined: tensor.shape.length };
  const { batch } = use.reading;
  const keepsZeros = use.number("allowzero", 0) === 1;
  const lengths = given.map((length, axis): number | null =>
    length === 0 && !keepsZeros ? (tensor.shape[axis] ?? null) : length,
  );
  const [first = null, ...rest] = lengths;
  const own = tensor.shape.slice(1);
  const size = own.includes(null) ? null : sizeOf(own.map((length) => length ?? 0));
  const open = rest.filter((length) => length === -1 || Number.isNaN(length) || length === null).length;
  const fixed = sizeOf(rest.filter((length): length is number => length !== null && length > 0));
  const isBatch = first === null || Number.isNaN(first) || given[0] === 0 || (batch !== null && first === batch);
  if (!isBatch && !(first === -1 && open === 0 && fixed === size)) {
    return joinedAxes(use, tensor, lengths) ?? use.refuse("a shape that joins or parts examples");
  }
  if (open > 1) return use.refuse("several open lengths");
  if (size !== null && (open === 0 ? fixed !== size : fixed === 0 || size % fixed !== 0)) {
    return use.refuse(`reshaping ${own.join("x")} to ${given.join("x")}`);
  }
  const shape = rest.map((length) => (length !== null && length > 0 ? length : size === null ? null : size / fixed));
  return reshaped(use, tensor, [null, ...shape]);
};

/** Where only the first axes become one, and the others stay. */
function joinedAxes(use: NodeUse, tensor: Tensor, [first = null, ...rest]: Shape): Item | undefined {
  const joined = tensor.shape.length - rest.length;
  const { batch } = use.reading;
  const each = sizeOf(tensor.shape.slice(1, joined).map((length) => length ?? Number.NaN));
  const isFirst = first === -1 || (batch !== null && first === batch * each);
  const stays = rest.every((length, index) => length !== null && length === tensor.shape[index + joined]);
  return joined > 1 && isFirst && stays ? { kind: "all", tensor, joined } : undefined;
}

const squeeze: NodeReader = (use) => {
  const tensor = use.tensor(0);
  const axes = squeezedAxes(use, tensor.shape);
  if (axes.some((axis) => tensor.shape[axis] !== 1)) return use.refuse("taking away axes that are not 1 long");
  if (tensor.order[0] !== 0) return taken(use, tensor, new Map(axes.map((axis) => [axis, 0])));
  return reshaped(
    use,
    tensor,
    tensor.shape.filter((_, axis) => !axes.includes(axis)),
  );
};

const unsqueeze: NodeReader = (use) => {
  const tensor = use.tensor(0);
  const shape = unsqueezed<number | null>(use, tensor.shape, 1);
  return shape[0] === null ? reshaped(use, tensor, shape) : use.refuse("an axis before the batch");
};

/** Moves nothing: only the file's axes are called otherwise. */
const transpose: NodeReader = (use) => {
  const tensor = use.settled(use.tensor(0));
  const axes = use.list("perm", plainOrder(tensor.shape.length).toReversed());
  if (
    axes.length !== tensor.shape.length ||
    axes.some((axis, _, all) => all.filter((own) => own === axis).length > 1 || !(axis >= 0 && axis < all.length))
  )
    return use.refuse(`perm ${axes.join()}`);
  const to = inverse(axes);
  const shape = axes.map((axis) => tensor.shape[axis] ?? null);
  return { ...tensor, shape, order: tensor.order.map((axis) => to[axis] ?? 0), from: undefined };
};

const concat: NodeReader = (use) => {
  const tensors = use.inputs.map((_, index) => use.settled(use.tensor(index)));
  const [first] = tensors;
  if (first === undefined || tensors.length === 1) return first ?? use.refuse("no inputs");
  const rank = first.shape.length;
  const axis = use.axis(use.number("axis", 1), rank);
  const order =
    tensors.find(({ order: own }) => own.some((place, index) => place !== index))?.order ?? plainOrder(rank);
  const turned = tensors.map((tensor) =>
    tensor.shape.length === rank ? use.turned(tensor, order) : use.refuse("tensors of different numbers of axes"),
  );
  const isPositive = tensors.every((tensor) => tensor.isPositive === true);
  return { ...use.layer("Concatenate", { axis: order.indexOf(axis) }, turned, order), isPositive };
};

/** Lengths, of which those that are open are not numbers. */
const shapeOf: NodeReader = (use) => {
  const { shape } = use.tensor(0);
  const lengths = shape.map((length, axis) =>
    axis === 0 ? (use.reading.batch ?? Number.NaN) : (length ?? Number.NaN),
  );
  return integers(lengths.slice(use.number("start", 0), use.number("end", lengths.length)));
};

/** Copies of a tensor that stand beside each other, as layers take them. */
const mostCopies = 16;

/** Repeats a tensor along axes of the file. */
function tiled(use: NodeUse, tensor: Tensor, repeats: readonly number[]): Tensor {
  let result = use.settled(tensor);
  for (const [axis, count] of repeats.entries()) {
    if (count === 1) continue;
    if (!(axis > 0 && Number.isInteger(count) && count > 1 && count <= mostNumbers)) {
      return use.refuse(`repeating axis ${axis} ${count} times`);
    }
    const { order } = result;
    if (result.shape[axis] === 1 && count > mostCopies) {
      result = takenAt(use, result, axis, new Array<number>(count).fill(0));
      continue;
    }
    if (count > mostCopies) return use.refuse(`repeating axis ${axis} ${count} times`);
    const copies = Array.from({ length: count }, () => result);
    result = use.layer("Concatenate", { axis: order.indexOf(axis) }, copies, order);
  }
  return { ...result, isPositive: tensor.isPositive };
}

const tile: NodeReader = (use) => tiled(use, use.tensor(0), use.numbers(1, "repeats") ?? use.refuse("no repeats"));

const expand: NodeReader = (use) => {
  const tensor = use.tensor(0);
  const target = use.numbers(1, "shape") ?? use.refuse("no shape");
  const offset = tensor.shape.length - target.length;
  if (offset < 0) return use.refuse("stretching to more axes");
  const repeats = tensor.shape.map((length, axis) => {
    const wanted = target[axis - offset] ?? 1;
    const isIdle =
      wanted === 1 || Number.isNaN(wanted) || wanted === length || (axis === 0 && wanted === use.reading.batch);
    return isIdle ? 1 : length === 1 ? wanted : use.refuse(`stretching axis ${axis}`);
  });
  return stretchesItself(use, tensor, repeats) ? tensor : tiled(use, tensor, repeats);
};

const broadcasting: ReadonlySet<string> = new Set(["Add", "Sub", "Mul", "Div", "Max", "Min", "Greater", "Less"]);

/** Whether the only use is with a tensor that has the whole shape. */
function stretchesItself(use: NodeUse, tensor: Tensor, repeats: readonly number[]): boolean {
  const user = use.onlyUser;
  if (user === undefined || !broadcasting.has(user.operator) || user.inputs.length !== 2) return false;
  const other = use.reading.items.get(user.inputs.find((name) => name !== use.node.outputs[0]) ?? "");
  if (other?.kind !== "tensor") return false;
  const shape = tensor.shape.map((length, axis) => (length === null ? null : length * (repeats[axis] ?? 1)));
  return other.shape.join() === shape.join();
}

export const shapes: Readonly<Record<string, NodeReader>> = {
  Flatten: flatten,
  Reshape: reshape,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  Concat: concat,
  Shape: shapeOf,
  Expand: expand,
  Tile: tile,
};
