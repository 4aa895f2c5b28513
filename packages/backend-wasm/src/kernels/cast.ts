import { type CastAttrs, type CastInputs, type KernelConfig, type TensorInfo, Cast } from "@tensorflow/tfjs-core";
import type { WasmBackend } from "../backend.ts";
import { kernel } from "../kernel.ts";

/**
 * Casts that lose nothing: the CPU backend passes on the values as they are, whose bytes another kernel would read as
 * numbers of the new type. Here they are written anew.
 */
export const castKernels: readonly KernelConfig[] = [
  kernel<CastInputs, CastAttrs>(Cast, ({ inputs: { x }, attrs: { dtype }, backend }) => {
    if (dtype === "float32" && (x.dtype === "int32" || x.dtype === "bool")) {
      return backend.makeTensorInfo(x.shape, dtype, Float32Array.from(valuesOf(x, backend)));
    }
    if (dtype === "int32" && x.dtype === "bool") {
      return backend.makeTensorInfo(x.shape, dtype, Int32Array.from(valuesOf(x, backend)));
    }
    return undefined;
  }),
];

function valuesOf({ dataId }: TensorInfo, backend: WasmBackend): ArrayLike<number> {
  // Neither int32 nor bool values are strings.
  return backend.data.get(dataId).values as ArrayLike<number>;
}
