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
import type { WasmBackend } from "../../engine/backend.ts";
import { kernel, runKernel } from "../../engine/kernel.ts";
import * as codes from "../../codes/reduction.ts";

/** Kernels by TensorFlow.js's name. */
const KERNELS: Readonly<Record<string, number>> = {
  Sum: codes.SUM,
  Mean: codes.MEAN,
  Max: codes.MAXIMUM,
  Min: codes.MINIMUM,
};

/** Results from which on there are tasks enough without dividing any. */
const MANY = 64;
/** Floats that a part should have at least. */
const PART = 16_384;
const MOST_PARTS = 256;

interface ReductionAttributes extends SumAttrs {
  /** Given under one of two names, depending on the operation. */
  readonly reductionIndices?: number | number[];
}

export const reductionKernels: readonly KernelConfig[] = [
  ...Object.entries(KERNELS).map(([name, code]) =>
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
  const input = backend.pointer(x);
  const parts = partsOf(outer, length, inner);
  if (parts === 1) {
    backend.kernels.reduce(code, input, pointer, outer, length, inner);
    return info;
  }
  backend.withWorkspace(4 * outer * parts * inner, (partial) => {
    backend.kernels.reduce(code, input, partial, outer * parts, length / parts, inner);
    backend.kernels.reduce(code, partial, pointer, outer, parts, inner);
  });
  return info;
}

/**
 * Into how many equal parts to divide what is reduced, where there would be few tasks otherwise: each part is one, and
 * small enough to stay in the cache while its columns are read. Depends on the shape alone, and so do the bits.
 */
function partsOf(outer: number, length: number, inner: number): number {
  if (outer >= MANY) return 1;
  let parts = Math.min(MOST_PARTS, length, Math.floor((length * inner) / PART));
  while (parts > 1 && length % parts !== 0) parts--;
  return Math.max(1, parts);
}
