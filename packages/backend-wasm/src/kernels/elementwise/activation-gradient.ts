import { type KernelConfig, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WasmBackend } from "../../engine/backend.ts";
import { kernel } from "../../engine/kernel.ts";

/**
 * Gradients of activations from `dy` and the activation's output, with their codes in
 * `assembly/activation-gradient.ts`. Only `EluGrad` is TensorFlow.js's own.
 */
const BY_OUTPUT: Readonly<Record<string, number>> = {
  ReluGrad: 0,
  Relu6Grad: 1,
  EluGrad: 2,
  SigmoidGrad: 3,
  TanhGrad: 4,
};

/** As {@link BY_OUTPUT}, from the activation's input. */
const BY_INPUT: Readonly<Record<string, number>> = {
  LeakyReluGrad: 5,
  SeluGrad: 6,
  SoftplusGrad: 7,
  GeluGrad: 8,
  SiluGrad: 9,
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
