import {
  type BinaryInputs,
  type DataType,
  type KernelConfig,
  type TensorInfo,
  type UnaryInputs,
  LogicalNot,
  backend_util,
  util,
} from "@tensorflow/tfjs-core";
import type { WasmBackend } from "../../engine/backend.ts";
import { kernel } from "../../engine/kernel.ts";
import { broadcastStrides, elementShift, mergeAxes, setWalk } from "../runtime/walk.ts";

interface Comparison {
  /** Code in `assembly/comparison.ts`. */
  readonly code: number;
  /** Whether the operands change places: a > b is b < a. */
  readonly swapped?: boolean;
}

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  Equal: { code: 0 },
  NotEqual: { code: 1 },
  Less: { code: 2 },
  LessEqual: { code: 3 },
  Greater: { code: 2, swapped: true },
  GreaterEqual: { code: 3, swapped: true },
};

/** Codes of the operations over truth values alone. */
const LOGIC: Readonly<Record<string, number>> = { LogicalAnd: 4, LogicalOr: 5 };
const NOT = 6;

/** Codes of the operands' types. */
const TYPES: Partial<Record<DataType, number>> = { float32: 0, int32: 1, bool: 2 };

export const comparisonKernels: readonly KernelConfig[] = [
  ...Object.entries(COMPARISONS).map(([name, { code, swapped = false }]) =>
    kernel<BinaryInputs, unknown>(name, ({ inputs: { a, b }, backend }) =>
      swapped ? compare(code, b, a, backend) : compare(code, a, b, backend),
    ),
  ),
  ...Object.entries(LOGIC).map(([name, code]) =>
    kernel<BinaryInputs, unknown>(name, ({ inputs: { a, b }, backend }) =>
      a.dtype === "bool" ? compare(code, a, b, backend) : undefined,
    ),
  ),
  kernel<UnaryInputs, unknown>(LogicalNot, ({ inputs: { x }, backend }) =>
    x.dtype === "bool" ? compare(NOT, x, x, backend) : undefined,
  ),
];

function compare(code: number, a: TensorInfo, b: TensorInfo, backend: WasmBackend): TensorInfo | undefined {
  const [type, shift] = [TYPES[a.dtype], elementShift(a.dtype)];
  if (type === undefined || shift === undefined || a.dtype !== b.dtype) return undefined;
  const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const { info, pointer } = backend.output(shape, "bool");
  if (util.sizeFromShape(shape) === 0) return info;
  const [first, second] = [broadcastStrides(a.shape, shape), broadcastStrides(b.shape, shape)];
  const axes = mergeAxes(shape.map((length, axis) => ({ length, first: first[axis] ?? 0, second: second[axis] ?? 0 })));
  const row = axes.pop() ?? { length: 1, first: 1, second: 1 };
  const rows = setWalk(axes, shift, shift, backend);
  backend.kernels.compare(
    code,
    type,
    backend.pointer(a),
    backend.pointer(b),
    pointer,
    axes.length,
    rows,
    row.length,
    row.first === 0 ? 1 : 0,
    row.second === 0 ? 1 : 0,
  );
  return info;
}
