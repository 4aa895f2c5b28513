import { type BinaryInputs, type KernelConfig, type UnaryInputs, Pow, util } from "@tensorflow/tfjs-core";
import { kernel } from "../kernel.ts";

/** Functions by TensorFlow.js's name, and their codes in `assembly/elementary.ts`. */
const FUNCTIONS: Readonly<Record<string, number>> = {
  Sin: 0,
  Cos: 1,
  Atan: 2,
  Erf: 3,
  Expm1: 4,
  Log1p: 5,
  Selu: 6,
  Sign: 7,
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

  // A base that is broadcast, or exponents that are for some of its axes only, are left to the CPU backend.
  kernel<BinaryInputs, unknown>(Pow, ({ inputs: { a, b }, backend }) => {
    const single = util.sizeFromShape(b.shape) === 1 && b.shape.length <= a.shape.length;
    if (a.dtype !== "float32" || b.dtype !== "float32") return undefined;
    if (!single && !util.arraysEqual(a.shape, b.shape)) return undefined;
    const { info, pointer } = backend.output(a.shape);
    const [base, exponent] = [backend.pointer(a), backend.pointer(b)];
    backend.kernels.power(base, exponent, single ? 0 : 1, pointer, util.sizeFromShape(a.shape));
    return info;
  }),
];
