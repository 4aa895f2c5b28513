import {
  type DataType,
  type FillAttrs,
  type KernelConfig,
  type PadV2Attrs,
  type PadV2Inputs,
  type TensorInfo,
  type UnaryInputs,
  Fill,
  OnesLike,
  PadV2,
  ZerosLike,
  util,
} from "@tensorflow/tfjs-core";
import type { WasmBackend } from "../../engine/backend.ts";
import { kernel } from "../../engine/kernel.ts";
import { elementBits, elementShift, setWalk } from "../runtime/walk.ts";

export const paddingKernels: readonly KernelConfig[] = [
  kernel<PadV2Inputs, PadV2Attrs>(PadV2, ({ inputs: { x }, attrs, backend }) =>
    pad(x, attrs.paddings, attrs.constantValue, backend),
  ),

  kernel<unknown, FillAttrs>(Fill, ({ attrs: { shape, value, dtype }, backend }) =>
    fill(shape, value, dtype || util.inferDtype(value), backend),
  ),
  kernel<UnaryInputs, unknown>(ZerosLike, ({ inputs: { x }, backend }) => fill(x.shape, 0, x.dtype, backend)),
  kernel<UnaryInputs, unknown>(OnesLike, ({ inputs: { x }, backend }) => fill(x.shape, 1, x.dtype, backend)),
];

function pad(
  x: TensorInfo,
  paddings: readonly (readonly [number, number])[],
  value: number,
  backend: WasmBackend,
): TensorInfo | undefined {
  const shift = elementShift(x.dtype);
  if (shift === undefined || paddings.flat().some((length) => length < 0)) return undefined;
  const shape = x.shape.map((length, axis) => length + (paddings[axis]?.[0] ?? 0) + (paddings[axis]?.[1] ?? 0));
  if (util.sizeFromShape(shape) === util.sizeFromShape(x.shape)) return backend.share(x, shape);
  const { info, pointer } = backend.output(shape, x.dtype);
  if (util.sizeFromShape(x.shape) === 0) {
    backend.kernels.fill(pointer, util.sizeFromShape(shape), elementBits(value, x.dtype), shift);
    return info;
  }
  // An axis that is not padded belongs to the one before it: whole blocks of it are padded or kept.
  const axes: { length: number; before: number; kept: number }[] = [];
  for (const [axis, length] of shape.entries()) {
    const kept = x.shape[axis] ?? 1;
    const last = axes.at(-1);
    if (last === undefined || kept !== length) axes.push({ length, before: paddings[axis]?.[0] ?? 0, kept });
    else
      axes[axes.length - 1] = { length: last.length * length, before: last.before * length, kept: last.kept * length };
  }
  const columns = axes.pop() ?? { length: 1, before: 0, kept: 1 };
  const outer = axes.map(({ length, before, kept }) => ({ length, first: before, second: kept }));
  const rows = setWalk(outer, 0, 0, backend);
  backend.kernels.pad(
    backend.pointer(x),
    pointer,
    shift,
    elementBits(value, x.dtype),
    outer.length,
    rows,
    columns.before,
    columns.kept,
    columns.length,
  );
  return info;
}

function fill(shape: number[], value: number | string, dtype: DataType, backend: WasmBackend): TensorInfo | undefined {
  const shift = elementShift(dtype);
  if (shift === undefined) return undefined;
  const { info, pointer } = backend.output(shape, dtype);
  backend.kernels.fill(pointer, util.sizeFromShape(shape), elementBits(Number(value), dtype), shift);
  return info;
}
