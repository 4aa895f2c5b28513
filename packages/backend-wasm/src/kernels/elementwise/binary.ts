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
import * as codes from "../../codes/binary.ts";

/** Kernels by TensorFlow.js's name for each data type that they take. */
const KERNELS: Readonly<Record<string, Partial<Record<DataType, number>>>> = {
  Add: { float32: codes.ADD, int32: codes.ADD_INTEGERS },
  Sub: { float32: codes.SUBTRACT, int32: codes.SUBTRACT_INTEGERS },
  Multiply: { float32: codes.MULTIPLY, int32: codes.MULTIPLY_INTEGERS },
  RealDiv: { float32: codes.DIVIDE },
  Maximum: { float32: codes.MAXIMUM, int32: codes.MAXIMUM_OF_INTEGERS },
  Minimum: { float32: codes.MINIMUM, int32: codes.MINIMUM_OF_INTEGERS },
  SquaredDifference: { float32: codes.SQUARED_DIFFERENCE },
  [Pow]: { float32: codes.POWER },
  [Mod]: { float32: codes.MODULO },
};

/** Arithmetic on two tensors that are broadcast against each other. */
export const binaryKernels: readonly KernelConfig[] = [
  ...Object.entries(KERNELS).map(([name, codeOf]) =>
    kernel<BinaryInputs, unknown>(name, ({ inputs: { a, b }, backend }) => {
      const code = a.dtype === b.dtype ? codeOf[a.dtype] : undefined;
      return code === undefined ? undefined : combine(code, a, b, backend);
    }),
  ),
  kernel<PreluInputs, unknown>(Prelu, ({ inputs: { x, alpha }, backend }) =>
    x.dtype === "float32" && alpha.dtype === "float32" ? combine(codes.PARAMETRIC_RELU, x, alpha, backend) : undefined,
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
