import {
  type GatherV2Attrs,
  type GatherV2Inputs,
  type KernelConfig,
  type OneHotAttrs,
  type OneHotInputs,
  type SelectInputs,
  GatherV2,
  OneHot,
  Select,
  backend_util,
  util,
} from "@tensorflow/tfjs-core";
import { kernel } from "../../engine/kernel.ts";
import { elementBits, elementShift } from "../runtime/walk.ts";

export const selectionKernels: readonly KernelConfig[] = [
  kernel<GatherV2Inputs, GatherV2Attrs>(GatherV2, ({ inputs: { x, indices }, attrs, backend }) => {
    const shift = elementShift(x.dtype);
    const [axis = 0] = util.parseAxisParam(attrs.axis, x.shape);
    if (shift === undefined || indices.dtype !== "int32") return undefined;
    const count = util.sizeFromShape(indices.shape);
    const addresses = backend.pointer(indices);
    // The CPU backend's kernel names the index that is out of range.
    if (backend.kernels.indexOutside(addresses, count, x.shape[axis] ?? 0) === 1) return undefined;
    const { batchSize, outerSize, dimSize, sliceSize, outputShape } =
      backend_util.segment_util.collectGatherOpShapeInfo(x, indices, axis, attrs.batchDims ?? 0);
    const { info, pointer } = backend.output(outputShape, x.dtype);
    const size = util.sizeFromShape(outputShape);
    if (size === 0) return info;
    const rows = size / sliceSize;
    const input = backend.pointer(x);
    const each = count / batchSize;
    backend.kernels.gather(input, addresses, pointer, shift, rows, each, outerSize, dimSize, sliceSize);
    return info;
  }),

  kernel<OneHotInputs, OneHotAttrs>(OneHot, ({ inputs: { indices }, attrs, backend }) => {
    const { depth, onValue, offValue, dtype } = attrs;
    const takes = indices.dtype === "int32" && (dtype === "float32" || dtype === "int32");
    if (!takes) return undefined;
    const { info, pointer } = backend.output([...indices.shape, depth], dtype);
    const rows = util.sizeFromShape(indices.shape);
    if (rows === 0 || depth === 0) return info;
    // Values are float32 before they are anything else, as on the CPU backend.
    const [on, off] = [onValue, offValue].map((value) => elementBits(Math.fround(value), dtype));
    backend.kernels.oneHot(backend.pointer(indices), pointer, rows, depth, on ?? 0, off ?? 0);
    return info;
  }),

  kernel<SelectInputs, unknown>(Select, ({ inputs: { condition, t, e }, backend }) => {
    const shift = elementShift(t.dtype);
    const count = util.sizeFromShape(t.shape);
    const takes =
      shift !== undefined &&
      condition.dtype === "bool" &&
      t.dtype === e.dtype &&
      [condition, e].every(({ shape }) => util.sizeFromShape(shape) === count);
    if (!takes) return undefined;
    const { info, pointer } = backend.output(t.shape, t.dtype);
    const [choice, chosen, other] = [backend.pointer(condition), backend.pointer(t), backend.pointer(e)];
    backend.kernels.select(choice, chosen, other, pointer, count, shift);
    return info;
  }),
];
