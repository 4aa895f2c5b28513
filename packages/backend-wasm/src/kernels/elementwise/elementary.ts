import { type KernelConfig, type UnaryInputs, util } from "@tensorflow/tfjs-core";
import { kernel } from "../../engine/kernel.ts";

/** Functions by TensorFlow.js's name, or none of its own for the last two, and their codes in `assembly/elementary.ts`. */
const FUNCTIONS: Readonly<Record<string, number>> = {
  Sin: 0,
  Cos: 1,
  Atan: 2,
  Erf: 3,
  Expm1: 4,
  Log1p: 5,
  Selu: 6,
  Sign: 7,
  Gelu: 8,
  Silu: 9,
};

/** Tests, whose results are bool. */
const TESTS: Readonly<Record<string, number>> = { IsNan: 0, IsFinite: 1, IsInf: 2 };

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
