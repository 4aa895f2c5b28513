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
import * as codes from "../../codes/unary.ts";

/** Kernels without parameters by TensorFlow.js's name. */
const PLAIN: Readonly<Record<string, number>> = {
  Relu: codes.RELU,
  Relu6: codes.RELU6,
  Neg: codes.NEGATE,
  Abs: codes.ABSOLUTE,
  Square: codes.SQUARE,
  Sqrt: codes.SQUARE_ROOT,
  Rsqrt: codes.RECIPROCAL_SQUARE_ROOT,
  Reciprocal: codes.RECIPROCAL,
  Exp: codes.EXPONENTIAL,
  Log: codes.LOGARITHM,
  Sigmoid: codes.SIGMOID,
  Tanh: codes.TANH,
  Softplus: codes.SOFTPLUS,
  Elu: codes.ELU,
  Floor: codes.FLOOR,
  Ceil: codes.CEIL,
  Round: codes.ROUND,
};

export const unaryKernels: readonly KernelConfig[] = [
  ...Object.entries(PLAIN).map(([name, code]) => unary(name, code, () => [0, 0])),
  unary(Step, codes.STEP, ({ alpha }: StepAttrs) => [alpha, 0]),
  unary(LeakyRelu, codes.LEAKY_RELU, ({ alpha }: LeakyReluAttrs) => [alpha, 0]),
  unary(ClipByValue, codes.CLIP, ({ clipValueMin, clipValueMax }: ClipByValueAttrs) => [clipValueMin, clipValueMax]),
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
