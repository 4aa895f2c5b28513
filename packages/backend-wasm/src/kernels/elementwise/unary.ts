import {
  type ClipByValueAttrs,
  type KernelConfig,
  type LeakyReluAttrs,
  type StepAttrs,
  type UnaryInputs,
  ClipByValue,
  LeakyRelu,
  Step,
  util,
} from "@tensorflow/tfjs-core";
import { kernel } from "../../engine/kernel.ts";

/** Kernels without parameters, by TensorFlow.js's name, and their codes in `assembly/unary.ts`. */
const PLAIN: Readonly<Record<string, number>> = {
  Relu: 0,
  Relu6: 1,
  Neg: 2,
  Abs: 3,
  Square: 4,
  Sqrt: 5,
  Rsqrt: 6,
  Reciprocal: 7,
  Exp: 8,
  Log: 9,
  Sigmoid: 10,
  Tanh: 11,
  Softplus: 12,
  Elu: 13,
  Floor: 14,
  Ceil: 15,
  Round: 16,
};
const STEP = 17;
const LEAKY_RELU = 18;
const CLIP = 19;

export const unaryKernels: readonly KernelConfig[] = [
  ...Object.entries(PLAIN).map(([name, code]) => unary(name, code, () => [0, 0])),
  unary(Step, STEP, ({ alpha }: StepAttrs) => [alpha, 0]),
  unary(LeakyRelu, LEAKY_RELU, ({ alpha }: LeakyReluAttrs) => [alpha, 0]),
  unary(ClipByValue, CLIP, ({ clipValueMin, clipValueMax }: ClipByValueAttrs) => [clipValueMin, clipValueMax]),
];

function unary<Attributes>(
  name: string,
  code: number,
  parameters: (attrs: Attributes) => readonly [alpha: number, beta: number],
): KernelConfig {
  return kernel<UnaryInputs, Attributes>(name, ({ inputs: { x }, attrs, backend }) => {
    if (x.dtype !== "float32") return undefined;
    const { info, pointer } = backend.output(x.shape);
    const [alpha, beta] = parameters(attrs);
    backend.kernels.unary(code, backend.pointer(x), pointer, util.sizeFromShape(x.shape), alpha, beta);
    return info;
  });
}
