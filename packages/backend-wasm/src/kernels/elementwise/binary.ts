import {
  type BinaryInputs,
  type DataType,
  type KernelConfig,
  type PreluInputs,
  type TensorInfo,
  Mod,
  Pow,
  Prelu,
  backend_util,
  util,
} from "@tensorflow/tfjs-core";
import type { WasmBackend } from "../../engine/backend.ts";
import { kernel } from "../../engine/kernel.ts";
import { broadcastStrides, mergeAxes, setWalk } from "../runtime/walk.ts";

/** Kernels by TensorFlow.js's name, and for each data type that they take their codes in `assembly/binary.ts`. */
const CODES: Readonly<Record<string, Partial<Record<DataType, number>>>> = {
  Add: { float32: 0, int32: 10 },
  Sub: { float32: 1, int32: 11 },
  Multiply: { float32: 2, int32: 12 },
  RealDiv: { float32: 3 },
  Maximum: { float32: 4, int32: 13 },
  Minimum: { float32: 5, int32: 14 },
  SquaredDifference: { float32: 6 },
  [Pow]: { float32: 8 },
  [Mod]: { float32: 9 },
};
const PARAMETRIC_RELU = 7;

/** Arithmetic on two tensors that are broadcast against each other. */
export const binaryKernels: readonly KernelConfig[] = [
  ...Object.entries(CODES).map(([name, codes]) =>
    kernel<BinaryInputs, unknown>(name, ({ inputs: { a, b }, backend }) => {
      const code = a.dtype === b.dtype ? codes[a.dtype] : undefined;
      return code === undefined ? undefined : combine(code, a, b, backend);
    }),
  ),
  kernel<PreluInputs, unknown>(Prelu, ({ inputs: { x, alpha }, backend }) =>
    x.dtype === "float32" && alpha.dtype === "float32" ? combine(PARAMETRIC_RELU, x, alpha, backend) : undefined,
  ),
];

function combine(code: number, a: TensorInfo, b: TensorInfo, backend: WasmBackend): TensorInfo {
  const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const { info, pointer } = backend.output(shape, a.dtype);
  if (util.sizeFromShape(shape) === 0) return info;
  const [first, second] = [broadcastStrides(a.shape, shape), broadcastStrides(b.shape, shape)];
  const axes = mergeAxes(shape.map((length, axis) => ({ length, first: first[axis] ?? 0, second: second[axis] ?? 0 })));
  const row = axes.pop() ?? { length: 1, first: 1, second: 1 };
  const [aPointer, bPointer] = [backend.pointer(a), backend.pointer(b)];
  const rows = setWalk(axes, 2, 2, backend);
  backend.kernels.binary(code, aPointer, bPointer, pointer, axes.length, rows, row.length, row.first, row.second);
  return info;
}
