import { sizeOf } from "@featuremap/tensor";
import { plainOrder } from "../../layouts.ts";
import type { Constant } from "../constants.ts";
import { expanded, transposed } from "../constant-arrays.ts";
import { type Item, type NodeReader, type NodeUse, type Tensor, seen } from "../node-use.ts";
import { operandOf } from "./operands.ts";

const gemm: NodeReader = (use) => {
  const input = use.tensor(0);
  if (use.number("transA", 0) !== 0) use.refuse("transA");
  const given = use.weight(1);
  const alpha = use.number("alpha", 1);
  const kernel = scaled(use.number("transB", 0) === 0 ? given : transposed(given, [1, 0]), alpha);
  const [, units = 0] = kernel.shape;
  const bias = use.constant(2);
  return connected(use, input, kernel, bias && scaled(biasOf(use, bias, units), use.number("beta", 1)));
};

function scaled(constant: Constant, factor: number): Constant {
  return factor === 1 ? constant : { ...constant, values: constant.values.map((value) => value * factor) };
}

/** A bias for each output, of a constant that broadcasts. */
function biasOf(use: NodeUse, bias: Constant, units: number): Constant {
  const isRow = bias.shape.slice(0, -1).every((length) => length === 1);
  return isRow
    ? expanded(use, { ...bias, shape: bias.shape.slice(-1) }, [units])
    : use.refuse("a bias for each example");
}

const matrixProduct: NodeReader = (use) => {
  const [left, right] = use.inputs;
  if (left?.kind !== "tensor" || right?.kind !== "constant") return computedProduct(use, left, right);
  const input = use.tensor(0);
  const given = use.weight(1);
  const isMatrix = given.shape.length > 1 && given.shape.slice(0, -2).every((length) => length === 1);
  if (!isMatrix || given.shape.length > input.shape.length) return computedProduct(use, left, right);
  const kernel = { ...given, shape: given.shape.slice(-2) };
  const [, units = 0] = kernel.shape;
  const user = use.onlyUser;
  const found = user?.operator === "Add" ? user.inputs.findIndex((name) => name !== use.node.outputs[0]) : -1;
  const other = found === -1 ? undefined : use.reading.items.get(user?.inputs[found] ?? "");
  const fits = other?.kind === "constant" && other.values.length === units && other.shape.at(-1) === units;
  const output = connected(use, input, kernel, fits ? { ...other, shape: [units] } : undefined);
  if (fits && user !== undefined) use.reading.done.set(user, output);
  return output;
};

/** Of matrices that are computed, or of one that is given with one that is. */
function computedProduct(use: NodeUse, ...items: readonly (Item | undefined)[]): Tensor {
  const tensors = items.filter((item): item is Tensor => item?.kind === "tensor");
  const rank = tensors[0]?.shape.length ?? 0;
  if (rank < 3 || tensors.some(({ shape }) => shape.length !== rank)) return use.refuse("a product of examples");
  const order = plainOrder(rank);
  const args = items.map((item) => {
    if (item?.kind === "tensor") return use.turned(item, order).keras;
    if (item?.kind !== "constant" || item.shape.length < 2) return use.refuse("a product with a row");
    return operandOf(use, item, order);
  });
  return use.operation("Matmul", args, order);
}

function connected(use: NodeUse, input: Tensor, kernel: Constant, bias: Constant | undefined): Tensor {
  const [rows = 0, units = 0] = kernel.shape;
  if (kernel.shape.length !== 2) return use.refuse("weights that are no matrix");
  const config = { units, use_bias: bias !== undefined };
  const biases = bias === undefined ? {} : { bias };
  const { flatOf } = input;
  const last = input.shape.at(-1);
  if (last !== rows) use.refuse(`a matrix of ${rows} rows for ${last ?? "an open number of"} inputs`);
  if (flatOf === undefined) {
    const rank = input.shape.length;
    const order = plainOrder(rank);
    return use.layer("Dense", config, [use.turned(input, order)], order, { kernel, ...biases });
  }
  // Elements come in the order in which the layer before has them, and so do the rows.
  const flat = use.once(`${flatOf.keras.layer} as it is`, () =>
    seen(use.reading.keras.layer("Flatten", "flatten", {}, [flatOf.keras]), [0, 1]),
  );
  return use.layer("Dense", config, [flat], [0, 1], { kernel: withRows(use, kernel, flatOf), ...biases });
}

function withRows(use: NodeUse, kernel: Constant, { shape, order }: Tensor): Constant {
  const [rows = 0, units = 0] = kernel.shape;
  const lengths = shape.slice(1).map((length) => length ?? use.refuse("flattening open lengths"));
  if (sizeOf(lengths) !== rows) return use.refuse("a matrix of another number of rows than there are inputs");
  const apart = transposed({ ...kernel, shape: [...lengths, units] }, [
    ...order.slice(1).map((axis) => axis - 1),
    lengths.length,
  ]);
  return { ...apart, shape: [rows, units] };
}

export const denseOperators: Readonly<Record<string, NodeReader>> = { Gemm: gemm, MatMul: matrixProduct };
