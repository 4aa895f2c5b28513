import {
  type GatherNdInputs,
  type KernelConfig,
  type ScatterNdAttrs,
  type ScatterNdInputs,
  type TensorInfo,
  type UnsortedSegmentSumAttrs,
  type UnsortedSegmentSumInputs,
  GatherNd,
  ScatterNd,
  UnsortedSegmentSum,
  backend_util,
  gather_util,
  util,
} from "@tensorflow/tfjs-core";
import type { WasmBackend } from "../../engine/backend.ts";
import { kernel } from "../../engine/kernel.ts";
import { elementShift, setWalk } from "../runtime/walk.ts";

/** Adding rows up by index, and choosing them by the indices of several axes. */
export const scatteringKernels: readonly KernelConfig[] = [
  kernel<ScatterNdInputs, ScatterNdAttrs>(ScatterNd, ({ inputs: { indices, updates }, attrs: { shape }, backend }) => {
    const { sliceRank, numUpdates, sliceSize, strides, outputSize } = backend_util.calculateShapes(
      updates,
      indices,
      shape,
    );
    if (!isSummed(updates) || indices.dtype !== "int32" || outputSize === 0) return undefined;
    const length = outputSize / sliceSize;
    return backend.withWorkspace(4 * numUpdates, (joined) => {
      if (joinIndices(indices, joined, numUpdates, strides.slice(0, sliceRank), length, backend)) return undefined;
      return scatter(joined, updates, numUpdates, length, sliceSize, shape, backend);
    });
  }),

  kernel<GatherNdInputs, unknown>(GatherNd, ({ inputs: { params, indices }, backend }) => {
    const [shape, count, inner, strides] = gather_util.prepareAndValidate(params, indices);
    const [shift, size] = [elementShift(params.dtype), util.sizeFromShape(params.shape)];
    if (shift === undefined || indices.dtype !== "int32" || size === 0 || count * inner === 0) return undefined;
    const depth = indices.shape.at(-1) ?? 1;
    const length = size / inner;
    return backend.withWorkspace(4 * count, (joined) => {
      if (joinIndices(indices, joined, count, strides.slice(0, depth), length, backend)) return undefined;
      const { info, pointer } = backend.output(shape, params.dtype);
      const input = backend.pointer(params);
      backend.kernels.gather(input, joined, pointer, shift, count, count, 1, length, inner);
      return info;
    });
  }),

  kernel<UnsortedSegmentSumInputs, UnsortedSegmentSumAttrs>(
    UnsortedSegmentSum,
    ({ inputs: { x, segmentIds }, attrs: { numSegments }, backend }) => {
      const [count = 0, ...rest] = x.shape;
      const takes = isSummed(x) && segmentIds.dtype === "int32" && util.arraysEqual(segmentIds.shape, [count]);
      const shape = [numSegments, ...rest];
      if (!takes || util.sizeFromShape(shape) === 0) return undefined;
      const inner = util.sizeFromShape(rest);
      return scatter(backend.pointer(segmentIds), x, count, numSegments, inner, shape, backend);
    },
  ),
];

function isSummed({ dtype }: TensorInfo): boolean {
  return dtype === "float32" || dtype === "int32";
}

/** Joins rows of indices with the given strides into one each; says whether any is out of range. */
function joinIndices(
  indices: TensorInfo,
  joined: number,
  count: number,
  strides: readonly number[],
  length: number,
  backend: WasmBackend,
): boolean {
  const source = backend.pointer(indices);
  setWalk(
    strides.map((first) => ({ length: 1, first, second: 0 })),
    0,
    0,
    backend,
  );
  // The CPU backend's kernel names the index that is out of range.
  return backend.kernels.joinIndices(source, joined, count, strides.length, length) !== 0;
}

function scatter(
  indices: number,
  updates: TensorInfo,
  count: number,
  length: number,
  inner: number,
  shape: number[],
  backend: WasmBackend,
): TensorInfo {
  const { info, pointer } = backend.output(shape, updates.dtype);
  const integers = updates.dtype === "int32";
  backend.kernels.scatter(indices, backend.pointer(updates), pointer, count, length, inner, integers);
  return info;
}
