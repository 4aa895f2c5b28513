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
import * as codes from "../../codes/comparison.ts";

interface Comparison {
  readonly code: number;
  /** Whether the operands change places: a > b is b < a. */
  readonly swapped?: boolean;
}

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  Equal: { code: codes.EQUAL },
  NotEqual: { code: codes.NOT_EQUAL },
  Less: { code: codes.LESS },
  LessEqual: { code: codes.LESS_OR_EQUAL },
  Greater: { code: codes.LESS, swapped: true },
  GreaterEqual: { code: codes.LESS_OR_EQUAL, swapped: true },
};

/** Operations over truth values alone. */
const LOGIC: Readonly<Record<string, number>> = { LogicalAnd: codes.AND, LogicalOr: codes.OR };

const TYPES: Partial<Record<DataType, number>> = { float32: codes.FLOAT, int32: codes.INT, bool: codes.BYTE };

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
    x.dtype === "bool" ? compare(codes.NOT, x, x, backend) : undefined,
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
