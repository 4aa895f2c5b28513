import { InvalidConfigError } from "@featuremap/tensor";
import type { Layer } from "../layer/layer.ts";
import { OperationLayer } from "../model/operation-layer.ts";
import { type ArithmeticOperation, arithmetic } from "./arithmetic.ts";

/**
 * An operation of `keras.ops` on a tensor of a graph and another one, or a number: Keras's `x + 3.0` is
 * `operationLayer("Add", [null, 3]).apply(x)`.
 *
 * The layer is a node of the graph that Keras saves as an operation, and does not count among a model's layers. Shapes broadcast
 * as in NumPy.
 *
 * @param operands in order, `null` where a tensor goes
 * @throws {InvalidConfigError} there is no such operation, or the operands are not two tensors and numbers, one a tensor at least.
 */
export function operationLayer(
  operation: ArithmeticOperation,
  operands: readonly (number | null)[] = [null, null],
): Layer {
  const owner = "operationLayer";
  if (!Object.hasOwn(arithmetic, operation)) {
    throw new InvalidConfigError(owner, "operation", `one of ${Object.keys(arithmetic).join(", ")}`, operation);
  }
  const isOperand = (operand: unknown): boolean => operand === null || Number.isFinite(operand);
  if (!(Array.isArray(operands) && operands.length === 2 && operands.every(isOperand) && operands.includes(null))) {
    throw new InvalidConfigError(owner, "operands", "two numbers and nulls, one null at least", operands);
  }
  const object = { module: "keras.src.ops.numpy", class_name: operation, config: {}, registered_name: operation };
  const constants = operands.map((value: number | null) => (value === null ? null : { value, json: value }));
  return new OperationLayer(object, arithmetic[operation], constants);
}
