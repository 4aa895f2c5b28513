import type {
  geluGrad,
  leakyReluGrad,
  relu6Grad,
  reluGrad,
  seluGrad,
  sigmoidGrad,
  siluGrad,
  softplusGrad,
  tanhGrad,
} from "@featuremap/operations/contract/activation-gradients";
import type { AttributesOf, InputsAs } from "@featuremap/operations/contract/kernel";
import type { eluGrad } from "@featuremap/operations/contract/tensorflow";
import { type KernelConfig, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WasmBackend } from "../../engine/backend.ts";
import { kernel } from "../../engine/kernel.ts";
import * as codes from "../../codes/activation-gradient.ts";

type ByOutput = typeof reluGrad | typeof relu6Grad | typeof eluGrad | typeof sigmoidGrad | typeof tanhGrad;
type ByInput = typeof leakyReluGrad | typeof seluGrad | typeof softplusGrad | typeof geluGrad | typeof siluGrad;

/** Gradients of activations from `dy` and the activation's output. Only `EluGrad` is TensorFlow.js's own. */
const BY_OUTPUT: Readonly<Record<ByOutput["name"], number>> = {
  ReluGrad: codes.RELU,
  Relu6Grad: codes.RELU6,
  EluGrad: codes.ELU,
  SigmoidGrad: codes.SIGMOID,
  TanhGrad: codes.TANH,
};

/** As {@link BY_OUTPUT}, from the activation's input. */
const BY_INPUT: Readonly<Record<ByInput["name"], number>> = {
  LeakyReluGrad: codes.LEAKY_RELU,
  SeluGrad: codes.SELU,
  SoftplusGrad: codes.SOFTPLUS,
  GeluGrad: codes.GELU,
  SiluGrad: codes.SILU,
};

export const activationGradientKernels: readonly KernelConfig[] = [
  ...Object.entries(BY_OUTPUT).map(([name, code]) =>
    kernel<InputsAs<ByOutput, TensorInfo>, unknown>(name, ({ inputs: { dy, y }, backend }) =>
      gradient(code, dy, y, 0, backend),
    ),
  ),
  ...Object.entries(BY_INPUT).map(([name, code]) =>
    kernel<InputsAs<ByInput, TensorInfo>, Partial<AttributesOf<typeof leakyReluGrad>>>(
      name,
      ({ inputs: { dy, x }, attrs: { alpha = 0 }, backend }) => gradient(code, dy, x, alpha, backend),
    ),
  ),
];

function gradient(code: number, dy: TensorInfo, value: TensorInfo, alpha: number, backend: WasmBackend): TensorInfo {
  const { info, pointer } = backend.output(value.shape);
  const count = util.sizeFromShape(value.shape);
  backend.kernels.activationGradient(code, backend.pointer(dy), backend.pointer(value), pointer, count, alpha);
  return info;
}
