import { type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { Computation, Operand } from "../model/operation-layer.ts";

/** A number as a tensor. */
export function tensorOf(operand: Operand): tf.Tensor {
  return typeof operand === "number" ? tf.scalar(operand) : operand;
}

/** Two operands, each a tensor or a number, which broadcast as in NumPy. */
export function binary(compute: (a: Operand, b: Operand) => tf.Tensor): Computation {
  return {
    operands: 2,
    outputShape: ([a = [], b = []]) => broadcast(a, b),
    compute: ([a = 0, b = 0]) => compute(a, b),
  };
}

/** The shape that two operands share. Source: Keras `broadcast_shapes`. */
export function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = axis < rank - a.length ? 1 : (a[axis - rank + a.length] ?? null);
    const right = axis < rank - b.length ? 1 : (b[axis - rank + b.length] ?? null);
    if (left === 1) return right;
    if (left === null) return right === 1 ? null : right;
    if (right === 1 || right === null || right === left) return left;
    throw new ShapeError("operation", "operands", `shapes that broadcast with ${formatShape(a)}`, formatShape(b));
  });
}

/** An operation on two operands, by Keras's class. */
export type ArithmeticOperation =
  | "Add"
  | "Subtract"
  | "Multiply"
  | "Divide"
  | "TrueDivide"
  | "Mod"
  | "FloorDivide"
  | "Power"
  | "Maximum"
  | "Minimum";

/** Operations of `keras.ops` on two operands. */
export const arithmetic: Readonly<Record<ArithmeticOperation, Computation>> = {
  Add: binary(tf.add),
  Subtract: binary(tf.sub),
  Multiply: binary(tf.mul),
  Divide: binary(tf.div),
  TrueDivide: binary(tf.div),
  Mod: binary(tf.mod),
  // Has no slope, unlike tf.floorDiv here.
  FloorDivide: binary((a, b) => tf.floor(tf.div(a, b))),
  Power: binary(tf.pow),
  Maximum: binary(tf.maximum),
  Minimum: binary(tf.minimum),
};
