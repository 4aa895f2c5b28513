import { type ArgMaxAttrs, type ArgMaxInputs, type KernelConfig, util } from "@tensorflow/tfjs-core";
import { kernel } from "../../engine/kernel.ts";

/** Kernels by TensorFlow.js's name, and their codes in `assembly/best-index.ts` for each data type. */
const CODES: Readonly<Record<string, Partial<Record<string, number>>>> = {
  ArgMax: { float32: 0, int32: 2 },
  ArgMin: { float32: 1, int32: 3 },
};

export const bestIndexKernels: readonly KernelConfig[] = Object.entries(CODES).map(([name, codes]) =>
  kernel<ArgMaxInputs, ArgMaxAttrs>(name, ({ inputs: { x }, attrs, backend }) => {
    const code = codes[x.dtype];
    const [axis = 0] = util.parseAxisParam(attrs.axis, x.shape);
    if (code === undefined || util.sizeFromShape(x.shape) === 0) return undefined;
    const { info, pointer } = backend.output(x.shape.toSpliced(axis, 1), "int32");
    const outer = util.sizeFromShape(x.shape.slice(0, axis));
    const inner = util.sizeFromShape(x.shape.slice(axis + 1));
    backend.kernels.bestIndex(code, backend.pointer(x), pointer, outer, x.shape[axis] ?? 1, inner);
    return info;
  }),
);
