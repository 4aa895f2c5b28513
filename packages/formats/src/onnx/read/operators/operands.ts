import { plainOrder } from "../../layouts.ts";
import type { Constant } from "../constants.ts";
import { transposed } from "../constant-arrays.ts";
import type { Item, NodeUse, Tensor } from "../node-use.ts";
import { mostNumbers, numbers } from "./items.ts";

/** The order of axes that tensors of as many have in common: that of the first whose axes are moved. */
export function sharedOrder(tensors: readonly Tensor[]): readonly number[] {
  const moved = tensors.find(({ order }) => order.some((axis, index) => axis !== index));
  return moved?.order ?? plainOrder(tensors[0]?.shape.length ?? 0);
}

/** Operands of which some are computed, as arguments of an operation that broadcasts. */
export function aligned(
  use: NodeUse,
  items: readonly (Item | undefined)[],
): { readonly args: readonly unknown[]; readonly order: readonly number[] } {
  const tensors = items.filter((item): item is Tensor => item?.kind === "tensor").map((item) => use.settled(item));
  const rank = Math.max(...tensors.map(({ shape }) => shape.length));
  if (tensors.some(({ shape }) => shape.length !== rank)) return use.refuse("tensors of different numbers of axes");
  const order = sharedOrder(tensors);
  const args = items.map((item) => {
    if (item?.kind === "tensor") return use.turned(item, order).keras;
    return item?.kind === "constant" ? operandOf(use, item, order) : use.refuse("Erf outside of GELU");
  });
  return { args, order };
}

/** A constant beside a tensor: a number, or an array whose axes are as the Keras tensor has them. */
export function operandOf(use: NodeUse, constant: Constant, order: readonly number[]): unknown {
  const { shape, values } = constant;
  const rank = order.length;
  if (values.length > mostNumbers) return use.refuse(`a constant of ${values.length} elements`);
  if (!values.every(Number.isFinite)) return use.refuse("a constant that is not finite");
  if (values.length === 1 && shape.length <= rank) return values[0];
  const first = shape.findIndex((length) => length !== 1);
  const trimmed = first === -1 ? [] : shape.slice(first);
  if (trimmed.length > rank) return use.refuse("a constant of more axes than the tensor has");
  const full = { ...constant, shape: [...Array.from({ length: rank - trimmed.length }, () => 1), ...trimmed] };
  if (full.shape[0] !== 1) return use.refuse("a constant for each example");
  const turned = transposed(full, order);
  return numbers(nested([...turned.values], turned.shape));
}

export function nested(values: readonly number[], [length = 1, ...rest]: readonly number[]): unknown {
  if (rest.length === 0) return values;
  const part = values.length / length;
  return Array.from({ length }, (_, index) => nested(values.slice(index * part, (index + 1) * part), rest));
}

/** A power, by the operation that is made for it where there is one. */
export function power(use: NodeUse, { keras, order }: Tensor, exponent: number): Tensor {
  if (exponent === 2) return use.operation("Square", [keras], order);
  if (exponent === 0.5) return use.operation("Sqrt", [keras], order);
  return use.operation("Power", [keras, exponent], order);
}
