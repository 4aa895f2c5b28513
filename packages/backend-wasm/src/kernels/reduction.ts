import {
  type KernelConfig,
  type SoftmaxAttrs,
  type SoftmaxInputs,
  type SumAttrs,
  type SumInputs,
  type TensorInfo,
  Softmax,
  Transpose,
  backend_util,
  util,
} from "@tensorflow/tfjs-core";
import type { WasmBackend } from "../backend.ts";
import { kernel, runKernel } from "../kernel.ts";

/** Kernels by TensorFlow.js's name, and their codes in `assembly/reduction.ts`. */
const CODES: Readonly<Record<string, number>> = { Sum: 0, Mean: 1, Max: 2, Min: 3 };

interface ReductionAttributes extends SumAttrs {
  /** Given under one of two names, depending on the operation. */
  readonly reductionIndices?: number | number[];
}

export const reductionKernels: readonly KernelConfig[] = [
  ...Object.entries(CODES).map(([name, code]) =>
    kernel<SumInputs, ReductionAttributes>(name, ({ inputs: { x }, attrs, backend }) => {
      if (x.dtype !== "float32") return undefined;
      return reduce(code, x, attrs.axis ?? attrs.reductionIndices, attrs.keepDims, backend);
    }),
  ),
  kernel<SoftmaxInputs, SoftmaxAttrs>(Softmax, ({ inputs: { logits }, attrs, backend }) => {
    const length = logits.shape.at(-1) ?? 1;
    const [axis] = util.parseAxisParam(attrs.dim, logits.shape);
    if (logits.dtype !== "float32" || axis !== logits.shape.length - 1 || length === 0) return undefined;
    const { info, pointer } = backend.output(logits.shape);
    backend.kernels.softmax(backend.pointer(logits), pointer, util.sizeFromShape(logits.shape) / length, length);
    return info;
  }),
];

function reduce(
  code: number,
  x: TensorInfo,
  axis: number | number[] | undefined,
  keepDims: boolean,
  backend: WasmBackend,
): TensorInfo | undefined {
  const axes = util.parseAxisParam(axis ?? x.shape.map((_, index) => index), x.shape);
  if (util.sizeFromShape(x.shape) === 0) return undefined;
  const [kept] = backend_util.computeOutAndReduceShapes(x.shape, axes);
  const shape = keepDims ? backend_util.expandShapeToKeepDim(kept, axes) : kept;
  const first = Math.min(...axes, x.shape.length);
  const contiguous = axes.length === 0 || Math.max(...axes) - first + 1 === axes.length;
  if (!contiguous) {
    const rest = x.shape.map((_, index) => index).filter((index) => !axes.includes(index));
    const perm = [...rest, ...axes];
    const transposed = runKernel(Transpose, { x }, { perm }, backend);
    const last = axes.map((_, index) => rest.length + index);
    const result = reduce(code, transposed, last, false, backend);
    backend.disposeIntermediateTensorInfo(transposed);
    return result === undefined ? undefined : { ...result, shape };
  }
  const { info, pointer } = backend.output(shape);
  const outer = util.sizeFromShape(x.shape.slice(0, first));
  const length = util.sizeFromShape(x.shape.slice(first, first + axes.length));
  const inner = util.sizeFromShape(x.shape.slice(first + axes.length));
  backend.kernels.reduce(code, backend.pointer(x), pointer, outer, length, inner);
  return info;
}
