import {
  type BatchToSpaceNDAttrs,
  type BatchToSpaceNDInputs,
  type DepthToSpaceAttrs,
  type DepthToSpaceInputs,
  type FlipLeftRightInputs,
  type KernelConfig,
  type MirrorPadAttrs,
  type MirrorPadInputs,
  type SpaceToBatchNDAttrs,
  type SpaceToBatchNDInputs,
  type TensorInfo,
  BatchToSpaceND,
  Concat,
  DepthToSpace,
  FlipLeftRight,
  MirrorPad,
  PadV2,
  Reverse,
  Slice,
  SpaceToBatchND,
  Transpose,
  backend_util,
  util,
} from "@tensorflow/tfjs-core";
import type { WasmBackend } from "../../engine/backend.ts";
import { kernel, runKernel } from "../../engine/kernel.ts";
import { elementShift } from "../runtime/walk.ts";

/** Kernels that are others of this backend, one after another: blocks of images moved between axes, and mirrored edges. */
export const blockKernels: readonly KernelConfig[] = [
  kernel<SpaceToBatchNDInputs, SpaceToBatchNDAttrs>(SpaceToBatchND, ({ inputs: { x }, attrs, backend }) => {
    const { blockShape, paddings } = attrs;
    if (elementShift(x.dtype) === undefined || util.sizeFromShape(x.shape) === 0) return undefined;
    const blocks = util.sizeFromShape(blockShape);
    const around = x.shape.map((_, axis): [number, number] => {
      const [before = 0, after = 0] = paddings[axis - 1] ?? [];
      return [before, after];
    });
    const padded = runKernel(PadV2, { x }, { paddings: around, constantValue: 0 }, backend);
    const shape = backend_util.getReshaped(padded.shape, blockShape, blocks, false);
    const perm = backend_util.getPermuted(shape.length, blockShape.length, false);
    const flat = backend_util.getReshapedPermuted(padded.shape, blockShape, blocks, false);
    return transposed(padded, shape, perm, flat, backend);
  }),

  kernel<BatchToSpaceNDInputs, BatchToSpaceNDAttrs>(BatchToSpaceND, ({ inputs: { x }, attrs, backend }) => {
    const { blockShape, crops } = attrs;
    if (elementShift(x.dtype) === undefined || util.sizeFromShape(x.shape) === 0) return undefined;
    const blocks = util.sizeFromShape(blockShape);
    const shape = backend_util.getReshaped(x.shape, blockShape, blocks);
    const perm = backend_util.getPermuted(shape.length, blockShape.length);
    const flat = backend_util.getReshapedPermuted(x.shape, blockShape, blocks);
    const whole = transposed(backend.share(x), shape, perm, flat, backend);
    const begin = backend_util.getSliceBeginCoords(crops, blockShape.length);
    const size = backend_util.getSliceSize(flat, crops, blockShape.length);
    return consumed(whole, runKernel(Slice, { x: whole }, { begin, size }, backend), backend);
  }),

  kernel<DepthToSpaceInputs, DepthToSpaceAttrs>(DepthToSpace, ({ inputs: { x }, attrs, backend }) => {
    const { blockSize, dataFormat } = attrs;
    if (elementShift(x.dtype) === undefined || dataFormat !== "NHWC") return undefined;
    const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
    const kept = channels / blockSize ** 2;
    const shape = [batch, height, width, blockSize, blockSize, kept];
    const output = [batch, height * blockSize, width * blockSize, kept];
    return transposed(backend.share(x), shape, [0, 1, 3, 2, 4, 5], output, backend);
  }),

  kernel<FlipLeftRightInputs, unknown>(FlipLeftRight, ({ inputs: { image }, backend }) =>
    elementShift(image.dtype) === undefined ? undefined : runKernel(Reverse, { x: image }, { dims: [2] }, backend),
  ),

  kernel<MirrorPadInputs, MirrorPadAttrs>(MirrorPad, ({ inputs: { x }, attrs: { paddings, mode }, backend }) => {
    if (elementShift(x.dtype) === undefined || util.sizeFromShape(x.shape) === 0) return undefined;
    // "reflect" leaves out the edge itself, "symmetric" repeats it.
    const edge = mode === "reflect" ? 1 : 0;
    let result = backend.share(x);
    for (const [axis, [before, after]] of paddings.entries()) {
      if (before > 0 || after > 0)
        result = consumed(result, mirrored(result, axis, before, after, edge, backend), backend);
    }
    return result;
  }),
];

/** The tensor with its axes in another order, between two shapes of the same elements; x is disposed. */
function transposed(
  x: TensorInfo,
  shape: number[],
  perm: number[],
  output: number[],
  backend: WasmBackend,
): TensorInfo {
  const result = runKernel(Transpose, { x: { ...x, shape } }, { perm }, backend);
  return consumed(x, { ...result, shape: output }, backend);
}

/** The result, after what it was made of is disposed. */
function consumed(x: TensorInfo, result: TensorInfo, backend: WasmBackend): TensorInfo {
  backend.disposeIntermediateTensorInfo(x);
  return result;
}

/** The tensor between reversed copies of its beginning and its end along an axis. */
function mirrored(
  x: TensorInfo,
  axis: number,
  before: number,
  after: number,
  edge: number,
  backend: WasmBackend,
): TensorInfo {
  const copy = (start: number, length: number): TensorInfo => {
    const begin = x.shape.map((_, index) => (index === axis ? start : 0));
    const slab = runKernel(Slice, { x }, { begin, size: x.shape.with(axis, length) }, backend);
    return consumed(slab, runKernel(Reverse, { x: slab }, { dims: [axis] }, backend), backend);
  };
  const length = x.shape[axis] ?? 0;
  const [first, last] = [copy(edge, before), copy(length - edge - after, after)];
  const result = runKernel(Concat, [first, x, last], { axis }, backend);
  return consumed(first, consumed(last, result, backend), backend);
}
