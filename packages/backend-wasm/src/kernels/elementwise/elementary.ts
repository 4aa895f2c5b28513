import { type KernelConfig, type UnaryInputs, util } from "@tensorflow/tfjs-core";
import { kernel } from "../../engine/kernel.ts";
import * as codes from "../../codes/elementary.ts";

/** Functions by TensorFlow.js's name; the last two are not its own. */
const FUNCTIONS: Readonly<Record<string, number>> = {
  Sin: codes.SINE,
  Cos: codes.COSINE,
  Atan: codes.ARC_TANGENT,
  Erf: codes.ERROR_FUNCTION,
  Expm1: codes.EXPONENTIAL_MINUS_ONE,
  Log1p: codes.LOGARITHM_OF_ONE_PLUS,
  Selu: codes.SELU,
  Sign: codes.SIGN,
  Gelu: codes.GELU,
  Silu: codes.SILU,
};

/** Tests, whose results are bool. */
const TESTS: Readonly<Record<string, number>> = {
  IsNan: codes.IS_NAN,
  IsFinite: codes.IS_FINITE,
  IsInf: codes.IS_INFINITE,
};

export const elementaryKernels: readonly KernelConfig[] = [
  ...Object.entries(FUNCTIONS).map(([name, code]) =>
    kernel<UnaryInputs, unknown>(name, ({ inputs: { x }, backend }) => {
      if (x.dtype !== "float32") return undefined;
      const { info, pointer } = backend.output(x.shape);
      backend.kernels.elementary(code, backend.pointer(x), pointer, util.sizeFromShape(x.shape));
      return info;
    }),
  ),

  ...Object.entries(TESTS).map(([name, code]) =>
    kernel<UnaryInputs, unknown>(name, ({ inputs: { x }, backend }) => {
      if (x.dtype !== "float32") return undefined;
      const { info, pointer } = backend.output(x.shape, "bool");
      backend.kernels.test(code, backend.pointer(x), pointer, util.sizeFromShape(x.shape));
      return info;
    }),
  ),
];
