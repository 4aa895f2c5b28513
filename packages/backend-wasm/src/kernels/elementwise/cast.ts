import { type CastAttrs, type CastInputs, type KernelConfig, Cast, util } from "@tensorflow/tfjs-core";
import { kernel } from "../../engine/kernel.ts";
import { elementShift } from "../runtime/walk.ts";
import * as codes from "../../codes/cast.ts";

/** Conversions by the data types from which and to which. */
const CONVERSIONS: Readonly<Record<string, number>> = {
  "float32 int32": codes.FLOAT_TO_INT,
  "int32 float32": codes.INT_TO_FLOAT,
  "float32 bool": codes.FLOAT_TO_BOOL,
  "int32 bool": codes.INT_TO_BOOL,
  "bool float32": codes.BOOL_TO_FLOAT,
  "bool int32": codes.BOOL_TO_INT,
};

/**
 * Casts to another type write values anew even where they lose nothing: passed on as they are, their bytes would be read
 * as numbers of the new type.
 */
export const castKernels: readonly KernelConfig[] = [
  kernel<CastInputs, CastAttrs>(Cast, ({ inputs: { x }, attrs: { dtype }, backend }) => {
    if (x.dtype === dtype && elementShift(dtype) !== undefined) return backend.share(x);
    const code = CONVERSIONS[`${x.dtype} ${dtype}`];
    if (code === undefined) return undefined;
    const { info, pointer } = backend.output(x.shape, dtype);
    backend.kernels.cast(code, backend.pointer(x), pointer, util.sizeFromShape(x.shape));
    return info;
  }),
];
