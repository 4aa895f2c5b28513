import { type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../config/config-reader.ts";
import { resolveAxis } from "../config/resolve-axis.ts";
import type { Computation } from "../model/operation-layer.ts";
import { tensorOf } from "./arithmetic.ts";

/** Options that may be one number, several, or Keras's `None`. */
export function axesIn(reader: ConfigReader, name: string): readonly number[] | null {
  const given = reader.take(name) ?? null;
  return given === null ? null : [reader.numbers(name) ?? []].flat();
}

/** The same numbers in another shape. */
function reshaped(outputShape: (shape: Shape) => Shape): Computation {
  return {
    operands: 1,
    outputShape: ([shape = []]) => outputShape(shape),
    compute: ([x = 0]) => {
      const tensor = tensorOf(x);
      return tf.reshape(
        tensor,
        outputShape(tensor.shape).map((length) => length ?? -1),
      );
    },
  };
}

/** Places of axes among those of the result, of which the first is the batch's. */
function newPlaces(owner: string, axes: readonly number[], rank: number): readonly number[] {
  const places = resolveAxis(
    owner,
    axes,
    Array.from({ length: rank }, () => null),
  );
  if (places.includes(0)) throw new ShapeError(owner, "axis", "other than that of the batch", "0");
  return places;
}

/** Axes of length 1 more. */
export function readExpandDims(reader: ConfigReader): Computation {
  const axes = axesIn(reader, "axis") ?? [];
  return reshaped((shape) => {
    const places = newPlaces("ExpandDims", axes, shape.length + axes.length);
    const lengths = shape.values();
    return Array.from({ length: shape.length + axes.length }, (_, place) =>
      places.includes(place) ? 1 : (lengths.next().value ?? null),
    );
  });
}

/** Axes of length 1 less: those that are named, else all, but that of the batch. */
export function readSqueeze(reader: ConfigReader): Computation {
  const axes = axesIn(reader, "axis");
  return reshaped((shape) => {
    const ones = [...shape.keys()].filter((place) => place > 0 && shape[place] === 1);
    const places = axes === null ? ones : newPlaces("Squeeze", axes, shape.length);
    if (places.every((place) => ones.includes(place))) return shape.filter((_, place) => !places.includes(place));
    throw new ShapeError("Squeeze", "input", `of length 1 along axis ${places.join(", ")}`, formatShape(shape));
  });
}

/** Axes in another order. */
function reordered(orderOf: (shape: Shape) => readonly number[]): Computation {
  return {
    operands: 1,
    outputShape: ([shape = []]) => orderOf(shape).map((axis) => shape[axis] ?? null),
    compute: ([x = 0]) => tf.transpose(tensorOf(x), [...orderOf(tensorOf(x).shape)]),
  };
}

/** Axes in another order, that of the batch among them. Default: turned around. */
export function readTranspose(reader: ConfigReader): Computation {
  const axes = axesIn(reader, "axes");
  return reordered((shape) => {
    const order =
      axes?.map((axis) => (axis < 0 ? axis + shape.length : axis)) ?? shape.map((_, axis) => axis).toReversed();
    if (order.length === shape.length && shape.every((_, axis) => order.includes(axis))) return order;
    throw new ShapeError("Transpose", "input", `of axes ${order.join(", ")}`, formatShape(shape));
  });
}

/** The place of one axis. */
function placeIn(owner: string, axis: number, rank: number): number {
  const [place = 0] = resolveAxis(
    owner,
    [axis],
    Array.from({ length: rank }, () => null),
  );
  return place;
}

export function readSwapaxes(reader: ConfigReader): Computation {
  const [first, second] = [reader.number("axis1") ?? Number.NaN, reader.number("axis2") ?? Number.NaN];
  return reordered(({ length: rank }) => {
    const [one, other] = [placeIn("Swapaxes", first, rank), placeIn("Swapaxes", second, rank)];
    return Array.from({ length: rank }, (_, axis) => (axis === one ? other : axis === other ? one : axis));
  });
}

export function readMoveaxis(reader: ConfigReader): Computation {
  const [sources, targets] = [axesIn(reader, "source") ?? [], axesIn(reader, "destination") ?? []];
  if (sources.length !== targets.length) return reader.fail("destination", "as many as source", targets);
  return reordered(({ length: rank }) => {
    const moved = new Map(
      targets.map((target, index) => [
        placeIn("Moveaxis", target, rank),
        placeIn("Moveaxis", sources[index] ?? Number.NaN, rank),
      ]),
    );
    const taken = new Set(moved.values());
    const others = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => !taken.has(axis));
    const left = others.values();
    return Array.from({ length: rank }, (_, place) => moved.get(place) ?? left.next().value ?? 0);
  });
}

/** Several of one shape side by side, along an axis of their own. */
export function readStack(reader: ConfigReader): Computation {
  const axis = reader.number("axis") ?? 0;
  return {
    operands: "list",
    outputShape: (shapes) => {
      const [first = []] = shapes;
      const [place = 0] = newPlaces("Stack", [axis], first.length + 1);
      const even = shapes.every((shape) => shape.length === first.length);
      if (!even) throw new ShapeError("Stack", "operands", "of one shape", shapes.map(formatShape).join(", "));
      return first.toSpliced(place, 0, shapes.length);
    },
    compute: (operands) => {
      const tensors = operands.map(tensorOf);
      return tf.stack(tensors, placeIn("Stack", axis, (tensors[0]?.rank ?? 0) + 1));
    },
  };
}

/** The other way round along some axes, or along every axis. */
export function readFlip(reader: ConfigReader): Computation {
  const axes = axesIn(reader, "axis");
  const placesOf = (shape: Shape): readonly number[] =>
    resolveAxis("Flip", axes ?? shape.map((_, axis) => axis), shape);
  return {
    operands: 1,
    outputShape: ([shape = []]) => {
      void placesOf(shape);
      return shape;
    },
    compute: ([x = 0]) => tf.reverse(tensorOf(x), [...placesOf(tensorOf(x).shape)]),
  };
}
