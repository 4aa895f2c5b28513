import { type BinaryInputs, type KernelConfig, type TensorInfo, backend_util, util } from "@tensorflow/tfjs-core";
import type { WasmBackend } from "../backend.ts";
import { kernel } from "../kernel.ts";

/** Kernels by TensorFlow.js's name, and their codes in `assembly/binary.ts`. */
const CODES: Readonly<Record<string, number>> = {
  Add: 0,
  Sub: 1,
  Multiply: 2,
  RealDiv: 3,
  Maximum: 4,
  Minimum: 5,
  SquaredDifference: 6,
};

/** Gradients of activations from `dy` and the activation's output; only `EluGrad` is TensorFlow.js's own. */
const ACTIVATION_GRADIENTS: Readonly<Record<string, number>> = {
  ReluGrad: 7,
  Relu6Grad: 8,
  EluGrad: 9,
  SigmoidGrad: 10,
  TanhGrad: 11,
};

interface ActivationGradientInputs {
  readonly dy: TensorInfo;
  readonly y: TensorInfo;
}

export const binaryKernels: readonly KernelConfig[] = [
  ...Object.entries(CODES).map(([name, code]) =>
    kernel<BinaryInputs, unknown>(name, ({ inputs: { a, b }, backend }) =>
      a.dtype === "float32" && b.dtype === "float32" ? combine(code, a, b, backend) : undefined,
    ),
  ),
  ...Object.entries(ACTIVATION_GRADIENTS).map(([name, code]) =>
    kernel<ActivationGradientInputs, unknown>(name, ({ inputs: { dy, y }, backend }) => combine(code, dy, y, backend)),
  ),
];

/** An axis of the output: its length, and how far each operand moves along it. */
interface Axis {
  length: number;
  aStride: number;
  bStride: number;
}

function combine(code: number, a: TensorInfo, b: TensorInfo, backend: WasmBackend): TensorInfo {
  const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const { info, pointer } = backend.output(shape);
  if (util.sizeFromShape(shape) === 0) return info;
  const [aPointer, bPointer] = [backend.pointer(a), backend.pointer(b)];
  const axes = mergeAxes(shape, broadcastStrides(a.shape, shape), broadcastStrides(b.shape, shape));
  const { length, aStride, bStride } = axes.pop() ?? { length: 1, aStride: 1, bStride: 1 };
  for (const [axis, outer] of axes.entries()) {
    backend.kernels.setBinaryAxis(axes.length, axis, outer.length, outer.aStride, outer.bStride);
  }
  const rows = axes.reduce((product, outer) => product * outer.length, 1);
  backend.kernels.binary(code, aPointer, bPointer, pointer, axes.length, rows, length, aStride, bStride);
  return info;
}

/** Strides in elements along the output's axes: 0 where the operand is repeated. */
function broadcastStrides(shape: readonly number[], output: readonly number[]): number[] {
  const strides = new Array<number>(output.length).fill(0);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const length = shape[axis] ?? 1;
    if (length !== 1) strides[axis + output.length - shape.length] = stride;
    stride *= length;
  }
  return strides;
}

/** The fewest axes that describe the same walk: axes of length 1 go, and neighbours that continue each other merge. */
function mergeAxes(shape: readonly number[], aStrides: readonly number[], bStrides: readonly number[]): Axis[] {
  const axes: Axis[] = [];
  for (const [index, length] of shape.entries()) {
    if (length === 1) continue;
    const axis = { length, aStride: aStrides[index] ?? 0, bStride: bStrides[index] ?? 0 };
    const last = axes.at(-1);
    const continues =
      last !== undefined && last.aStride === axis.aStride * length && last.bStride === axis.bStride * length;
    if (continues) axes[axes.length - 1] = { ...axis, length: last.length * length };
    else axes.push(axis);
  }
  return axes;
}
