import {
  type AllAttrs,
  type AllInputs,
  type DataType,
  type KernelConfig,
  type TensorInfo,
  AddN,
  All,
  Any,
  Prod,
  Transpose,
  backend_util,
  util,
} from "@tensorflow/tfjs-core";
import type { WasmBackend } from "../../engine/backend.ts";
import { kernel, runKernel } from "../../engine/kernel.ts";
import * as codes from "../../codes/fold.ts";
import { ADD } from "../../codes/binary.ts";

export const foldKernels: readonly KernelConfig[] = [
  fold(All, codes.ALL, "bool"),
  fold(Any, codes.ANY, "bool"),
  fold(Prod, codes.PRODUCT, "float32"),

  kernel<TensorInfo[], unknown>(AddN, ({ inputs, backend }) => {
    const [first, second, ...others] = inputs;
    if (first === undefined) return undefined;
    if (second === undefined) return backend.share(first);
    const same = inputs.every(({ dtype, shape }) => dtype === "float32" && util.arraysEqual(shape, first.shape));
    if (!same) return undefined;
    const { info, pointer } = backend.output(first.shape);
    const count = util.sizeFromShape(first.shape);
    backend.kernels.binary(ADD, backend.pointer(first), backend.pointer(second), pointer, 0, 1, count, 1, 1);
    for (const other of others) {
      backend.kernels.binary(ADD, pointer, backend.pointer(other), pointer, 0, 1, count, 1, 1);
    }
    return info;
  }),
];

/** A kernel that joins the values of some axes, of one data type. */
function fold(name: string, code: number, dtype: DataType): KernelConfig {
  return kernel<AllInputs, AllAttrs>(name, ({ inputs: { x }, attrs, backend }) => {
    if (x.dtype !== dtype || util.sizeFromShape(x.shape) === 0) return undefined;
    const axes = util.parseAxisParam(attrs.axis, x.shape).toSorted((a, b) => a - b);
    const [kept] = backend_util.computeOutAndReduceShapes(x.shape, axes);
    const shape = attrs.keepDims ? backend_util.expandShapeToKeepDim(kept, axes) : kept;
    return foldAxes(code, x, axes, shape, backend);
  });
}

/** Folds sorted axes; those that are not neighbours are brought together at the end first. */
function foldAxes(
  code: number,
  x: TensorInfo,
  axes: readonly number[],
  shape: number[],
  backend: WasmBackend,
): TensorInfo {
  const first = axes[0] ?? x.shape.length;
  const last = axes.at(-1) ?? first - 1;
  if (last - first + 1 !== axes.length) {
    const rest = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
    const transposed = runKernel(Transpose, { x }, { perm: [...rest, ...axes] }, backend);
    const result = foldAxes(
      code,
      transposed,
      axes.map((_, index) => rest.length + index),
      shape,
      backend,
    );
    backend.disposeIntermediateTensorInfo(transposed);
    return result;
  }
  const { info, pointer } = backend.output(shape, x.dtype);
  const outer = util.sizeFromShape(x.shape.slice(0, first));
  const length = util.sizeFromShape(x.shape.slice(first, first + axes.length));
  const inner = util.sizeFromShape(x.shape.slice(first + axes.length));
  backend.kernels.fold(code, backend.pointer(x), pointer, outer, length, inner);
  return info;
}
