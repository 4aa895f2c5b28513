import {
  type ConcatAttrs,
  type DataType,
  type KernelConfig,
  type PackAttrs,
  type ReverseAttrs,
  type ReverseInputs,
  type SliceAttrs,
  type SliceInputs,
  type SplitVAttrs,
  type SplitVInputs,
  type StridedSliceAttrs,
  type StridedSliceInputs,
  type TensorInfo,
  type TileAttrs,
  type TileInputs,
  type TransposeAttrs,
  type TransposeInputs,
  type UnpackAttrs,
  type UnpackInputs,
  Concat,
  Pack,
  Reverse,
  Slice,
  SplitV,
  StridedSlice,
  Tile,
  Transpose,
  Unpack,
  backend_util,
  slice_util,
  util,
} from "@tensorflow/tfjs-core";
import type { WasmBackend } from "../../engine/backend.ts";
import { kernel } from "../../engine/kernel.ts";
import { type WalkAxis, denseStrides, elementShift, mergeAxes, setWalk } from "../runtime/walk.ts";

export const shapingKernels: readonly KernelConfig[] = [
  kernel<TransposeInputs, TransposeAttrs>(Transpose, ({ inputs: { x }, attrs: { perm }, backend }) => {
    const strides = denseStrides(x.shape);
    const shape = perm.map((axis) => x.shape[axis] ?? 1);
    return view(
      x,
      shape,
      perm.map((axis) => strides[axis] ?? 1),
      0,
      backend,
    );
  }),

  kernel<ReverseInputs, ReverseAttrs>(Reverse, ({ inputs: { x }, attrs: { dims }, backend }) => {
    const reversed = new Set(util.parseAxisParam(dims, x.shape));
    const dense = denseStrides(x.shape);
    const strides = dense.map((stride, axis) => (reversed.has(axis) ? -stride : stride));
    const last = (axis: number): number => ((x.shape[axis] ?? 1) - 1) * (dense[axis] ?? 1);
    return view(
      x,
      x.shape,
      strides,
      [...reversed].reduce((sum, axis) => sum + last(axis), 0),
      backend,
    );
  }),

  kernel<SliceInputs, SliceAttrs>(Slice, ({ inputs: { x }, attrs, backend }) => {
    const [begin = [], size = []] = slice_util.parseSliceParams(x, attrs.begin, attrs.size);
    slice_util.assertParamsValid(x, begin, size);
    return slice(x, begin, size, size, backend);
  }),

  kernel<StridedSliceInputs, StridedSliceAttrs>(StridedSlice, ({ inputs: { x }, attrs, backend }) => {
    const { begin, end, strides, finalShape } = slice_util.sliceInfo(
      x.shape,
      attrs.begin,
      attrs.end,
      attrs.strides,
      attrs.beginMask,
      attrs.endMask,
      attrs.ellipsisMask,
      attrs.newAxisMask,
      attrs.shrinkAxisMask,
    );
    const dense = denseStrides(x.shape);
    const steps = dense.map((stride, axis) => stride * (strides[axis] ?? 1));
    const start = dense.reduce((sum, stride, axis) => sum + stride * (begin[axis] ?? 0), 0);
    return view(x, finalShape, steps, start, backend, slice_util.computeOutShape(begin, end, strides));
  }),

  kernel<SplitVInputs, SplitVAttrs>(SplitV, ({ inputs: { x }, attrs, backend }) => {
    if (elementShift(x.dtype) === undefined) return undefined;
    const axis = axisOf(attrs.axis, x.shape);
    const sizes = backend_util.prepareSplitSize(x, attrs.numOrSizeSplits, axis);
    return cut(x, axis, sizes, (size) => x.shape.with(axis, size), backend);
  }),

  kernel<UnpackInputs, UnpackAttrs>(Unpack, ({ inputs: { value }, attrs, backend }) => {
    if (elementShift(value.dtype) === undefined) return undefined;
    const axis = axisOf(attrs.axis, value.shape);
    const sizes = new Array<number>(value.shape[axis] ?? 0).fill(1);
    return cut(value, axis, sizes, () => value.shape.toSpliced(axis, 1), backend);
  }),

  kernel<TensorInfo[], ConcatAttrs>(Concat, ({ inputs, attrs, backend }) => {
    const axis = axisOf(attrs.axis, inputs[0]?.shape ?? []);
    const shapes = inputs.map(({ shape }) => shape);
    backend_util.assertParamsConsistent(shapes, axis);
    const filled = inputs.filter(({ shape }) => util.sizeFromShape(shape) > 0);
    if (filled.length === 1 && filled[0] !== undefined) return backend.share(filled[0]);
    return join(filled, axis, backend_util.computeOutShape(shapes, axis), inputs[0]?.dtype, backend);
  }),

  kernel<TensorInfo[], PackAttrs>(Pack, ({ inputs, attrs: { axis }, backend }) => {
    const [first] = inputs;
    const same = inputs.every(({ shape, dtype }) => dtype === first?.dtype && util.arraysEqual(shape, first.shape));
    if (first === undefined || !same || axis < 0) return undefined;
    return join(inputs, axis, first.shape.toSpliced(axis, 0, inputs.length), first.dtype, backend);
  }),

  kernel<TileInputs, TileAttrs>(Tile, ({ inputs: { x }, attrs: { reps }, backend }) => {
    const dense = denseStrides(x.shape);
    const shape = x.shape.map((length, axis) => length * (reps[axis] ?? 1));
    const lengths = x.shape.flatMap((length, axis) => [reps[axis] ?? 1, length]);
    return view(
      x,
      shape,
      dense.flatMap((stride) => [0, stride]),
      0,
      backend,
      lengths,
    );
  }),
];

function axisOf(axis: number, shape: number[]): number {
  return util.parseAxisParam(axis, shape)[0] ?? 0;
}

/**
 * The tensor that walks through x with the given strides in elements, from element `start` on.
 *
 * @param lengths of the walk's axes, where they are not the shape's own
 */
function view(
  x: TensorInfo,
  shape: number[],
  strides: readonly number[],
  start: number,
  backend: WasmBackend,
  lengths: readonly number[] = shape,
): TensorInfo | undefined {
  const shift = elementShift(x.dtype);
  if (shift === undefined) return undefined;
  if (util.sizeFromShape(shape) === 0) return backend.output(shape, x.dtype).info;
  const dense = denseStrides(lengths);
  const axes = mergeAxes(
    lengths.map((length, axis) => ({ length, first: strides[axis] ?? 0, second: dense[axis] ?? 0 })),
  );
  const [only, ...others] = axes;
  const unchanged = others.length === 0 && (only?.first ?? 1) === 1;
  if (unchanged && util.sizeFromShape(shape) === util.sizeFromShape(x.shape)) return backend.share(x, shape);
  const { info, pointer } = backend.output(shape, x.dtype);
  rearrange(backend.pointer(x) + (start << shift), pointer, axes, shift, backend);
  return info;
}

/** Copies elements along merged axes whose first stride is the source's and whose second is the target's. */
function rearrange(
  source: number,
  target: number,
  axes: readonly WalkAxis[],
  shift: number,
  backend: WasmBackend,
): void {
  const outer = [...axes];
  const columns = outer.pop() ?? { length: 1, first: 1, second: 1 };
  // Where a row jumps through the source, another axis may follow the source's order: the two are transposed together.
  const besides = [0, 1, -1].includes(columns.first) ? -1 : outer.findIndex(({ first }) => first === 1);
  const [rows = { length: 1, first: 0, second: 0 }] = outer.splice(besides, 1);
  const count = setWalk(outer, shift, shift, backend);
  backend.kernels.rearrange(
    source,
    target,
    shift,
    outer.length,
    count,
    rows.length,
    rows.first << shift,
    rows.second << shift,
    columns.length,
    columns.first << shift,
    columns.second << shift,
  );
}

function slice(
  x: TensorInfo,
  begin: readonly number[],
  size: readonly number[],
  shape: number[],
  backend: WasmBackend,
): TensorInfo | undefined {
  const strides = denseStrides(x.shape);
  const start = begin.reduce((sum, index, axis) => sum + index * (strides[axis] ?? 1), 0);
  return view(x, shape, strides, start, backend, size);
}

/** Pieces of x along an axis. */
function cut(
  x: TensorInfo,
  axis: number,
  sizes: readonly number[],
  shapeOf: (size: number) => number[],
  backend: WasmBackend,
): TensorInfo[] {
  let start = 0;
  return sizes.map((size) => {
    const begin = x.shape.map((_, index) => (index === axis ? start : 0));
    start += size;
    const piece = slice(x, begin, x.shape.with(axis, size), shapeOf(size), backend);
    if (piece === undefined) throw new TypeError(`A tensor of ${x.dtype} has no place in the memory.`);
    return piece;
  });
}

/** Writes tensors one after another along an axis. */
function join(
  tensors: readonly TensorInfo[],
  axis: number,
  shape: number[],
  dtype: DataType | undefined,
  backend: WasmBackend,
): TensorInfo | undefined {
  const shift = dtype === undefined ? undefined : elementShift(dtype);
  if (shift === undefined || tensors.some((tensor) => tensor.dtype !== dtype)) return undefined;
  const { info, pointer } = backend.output(shape, dtype);
  const outer = util.sizeFromShape(shape.slice(0, axis));
  const second = util.sizeFromShape(shape.slice(axis));
  let target = pointer;
  for (const tensor of tensors) {
    const length = util.sizeFromShape(tensor.shape) / outer;
    if (!(length > 0)) continue;
    const axes = mergeAxes([
      { length: outer, first: length, second },
      { length, first: 1, second: 1 },
    ]);
    rearrange(backend.pointer(tensor), target, axes, shift, backend);
    target += length << shift;
  }
  return info;
}
