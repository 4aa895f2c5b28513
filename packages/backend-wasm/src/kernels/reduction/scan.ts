import { type CumsumAttrs, type CumsumInputs, type KernelConfig, util } from "@tensorflow/tfjs-core";
import { kernel } from "../../engine/kernel.ts";
import * as codes from "../../codes/scan.ts";

/** Kernels by TensorFlow.js's name. */
const KERNELS: Readonly<Record<string, number>> = { Cumsum: codes.SUM, Cumprod: codes.PRODUCT };

/** What runs along an axis, joining each value with those before it. */
export const scanKernels: readonly KernelConfig[] = Object.entries(KERNELS).map(([name, code]) =>
  kernel<CumsumInputs, CumsumAttrs>(name, ({ inputs: { x }, attrs, backend }) => {
    if (x.dtype !== "float32" || util.sizeFromShape(x.shape) === 0) return undefined;
    const [axis = 0] = util.parseAxisParam(attrs.axis, x.shape);
    const { info, pointer } = backend.output(x.shape);
    const outer = util.sizeFromShape(x.shape.slice(0, axis));
    const inner = util.sizeFromShape(x.shape.slice(axis + 1));
    const length = x.shape[axis] ?? 1;
    backend.kernels.scan(code, backend.pointer(x), pointer, outer, length, inner, attrs.exclusive, attrs.reverse);
    return info;
  }),
);
