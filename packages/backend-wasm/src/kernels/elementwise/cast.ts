import { type CastAttrs, type CastInputs, type KernelConfig, Cast, util } from "@tensorflow/tfjs-core";
import { kernel } from "../../engine/kernel.ts";
import { elementShift } from "../runtime/walk.ts";

/** Codes in `assembly/cast.ts`, by the data types that they convert. */
const CODES: Readonly<Record<string, number>> = {
  "float32 int32": 0,
  "int32 float32": 1,
  "float32 bool": 2,
  "int32 bool": 3,
  "bool float32": 4,
  "bool int32": 5,
};

/**
 * Casts to another type write values anew even where they lose nothing: passed on as they are, their bytes would be read
 * as numbers of the new type.
 */
export const castKernels: readonly KernelConfig[] = [
  kernel<CastInputs, CastAttrs>(Cast, ({ inputs: { x }, attrs: { dtype }, backend }) => {
    if (x.dtype === dtype && elementShift(dtype) !== undefined) return backend.share(x);
    const code = CODES[`${x.dtype} ${dtype}`];
    if (code === undefined) return undefined;
    const { info, pointer } = backend.output(x.shape, dtype);
    backend.kernels.cast(code, backend.pointer(x), pointer, util.sizeFromShape(x.shape));
    return info;
  }),
];
