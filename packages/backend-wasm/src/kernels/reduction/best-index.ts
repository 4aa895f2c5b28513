import { type ArgMaxAttrs, type ArgMaxInputs, type KernelConfig, util } from "@tensorflow/tfjs-core";
import { kernel } from "../../engine/kernel.ts";
import * as codes from "../../codes/best-index.ts";

/** Kernels by TensorFlow.js's name for each data type that they take. */
const KERNELS: Readonly<Record<string, Partial<Record<string, number>>>> = {
  ArgMax: { float32: codes.GREATEST_FLOAT, int32: codes.GREATEST_INT },
  ArgMin: { float32: codes.LEAST_FLOAT, int32: codes.LEAST_INT },
};

export const bestIndexKernels: readonly KernelConfig[] = Object.entries(KERNELS).map(([name, codeOf]) =>
  kernel<ArgMaxInputs, ArgMaxAttrs>(name, ({ inputs: { x }, attrs, backend }) => {
    const code = codeOf[x.dtype];
    const [axis = 0] = util.parseAxisParam(attrs.axis, x.shape);
    if (code === undefined || util.sizeFromShape(x.shape) === 0) return undefined;
    const { info, pointer } = backend.output(x.shape.toSpliced(axis, 1), "int32");
    const outer = util.sizeFromShape(x.shape.slice(0, axis));
    const inner = util.sizeFromShape(x.shape.slice(axis + 1));
    backend.kernels.bestIndex(code, backend.pointer(x), pointer, outer, x.shape[axis] ?? 1, inner);
    return info;
  }),
);
