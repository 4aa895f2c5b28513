import { type KernelConfig, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WasmBackend } from "../../engine/backend.ts";
import { kernel } from "../../engine/kernel.ts";
import * as codes from "../../codes/activation-gradient.ts";

/** Gradients of activations from `dy` and the activation's output. Only `EluGrad` is TensorFlow.js's own. */
const BY_OUTPUT: Readonly<Record<string, number>> = {
  ReluGrad: codes.RELU,
  Relu6Grad: codes.RELU6,
  EluGrad: codes.ELU,
  SigmoidGrad: codes.SIGMOID,
  TanhGrad: codes.TANH,
};

/** As {@link BY_OUTPUT}, from the activation's input. */
const BY_INPUT: Readonly<Record<string, number>> = {
  LeakyReluGrad: codes.LEAKY_RELU,
  SeluGrad: codes.SELU,
  SoftplusGrad: codes.SOFTPLUS,
  GeluGrad: codes.GELU,
  SiluGrad: codes.SILU,
};

interface OutputInputs {
  readonly dy: TensorInfo;
  readonly y: TensorInfo;
}

interface InputInputs {
  readonly dy: TensorInfo;
  readonly x: TensorInfo;
}

interface Attributes {
  /** Leaky ReLU's slope below 0. */
  readonly alpha?: number;
}

export const activationGradientKernels: readonly KernelConfig[] = [
  ...Object.entries(BY_OUTPUT).map(([name, code]) =>
    kernel<OutputInputs, unknown>(name, ({ inputs: { dy, y }, backend }) => gradient(code, dy, y, 0, backend)),
  ),
  ...Object.entries(BY_INPUT).map(([name, code]) =>
    kernel<InputInputs, Attributes>(name, ({ inputs: { dy, x }, attrs: { alpha = 0 }, backend }) =>
      gradient(code, dy, x, alpha, backend),
    ),
  ),
];

function gradient(code: number, dy: TensorInfo, value: TensorInfo, alpha: number, backend: WasmBackend): TensorInfo {
  const { info, pointer } = backend.output(value.shape);
  const count = util.sizeFromShape(value.shape);
  backend.kernels.activationGradient(code, backend.pointer(dy), backend.pointer(value), pointer, count, alpha);
  return info;
}
