import { type TensorInfo, type backend_util } from "@tensorflow/tfjs-core";
import type { WasmBackend } from "../../engine/backend.ts";
import { runKernel } from "../../engine/kernel.ts";
import { LINEAR, RELU, RELU6 } from "../../codes/epilogue.ts";

/** Activations that a product's epilogue applies while the tile is in registers. */
const EPILOGUE: Partial<Record<backend_util.Activation, number>> = { linear: LINEAR, relu: RELU, relu6: RELU6 };

/** Kernels of the others, which run over the finished output. */
const KERNELS: Partial<Record<backend_util.Activation, string>> = {
  elu: "Elu",
  sigmoid: "Sigmoid",
  leakyrelu: "LeakyRelu",
  prelu: "Prelu",
};

/** The epilogue's code; linear for an activation that {@link applyActivation} takes over afterwards. */
export function epilogueCode(activation: backend_util.Activation): number {
  return EPILOGUE[activation] ?? LINEAR;
}

/** Applies an activation that the epilogue does not know, and disposes what it was applied to. */
export function applyActivation(
  x: TensorInfo,
  activation: backend_util.Activation,
  preluActivationWeights: TensorInfo | undefined,
  leakyreluAlpha: number | undefined,
  backend: WasmBackend,
): TensorInfo {
  const name = KERNELS[activation];
  if (activation in EPILOGUE || name === undefined) return x;
  const inputs =
    preluActivationWeights === undefined || name !== "Prelu" ? { x } : { x, alpha: preluActivationWeights };
  const attrs = name === "LeakyRelu" ? { alpha: leakyreluAlpha ?? 0.2 } : {};
  const result = runKernel(name, inputs, attrs, backend);
  backend.disposeIntermediateTensorInfo(x);
  return result;
}

/** Inputs of a fused kernel that may be left out, which TensorFlow.js then gives as `null` or not at all. */
interface OptionalInputs {
  readonly bias?: TensorInfo | null;
  readonly preluActivationWeights?: TensorInfo | null;
}

/** The optional inputs, each a tensor or `undefined`. */
export function optional({ bias, preluActivationWeights }: OptionalInputs): {
  bias: TensorInfo | undefined;
  preluActivationWeights: TensorInfo | undefined;
} {
  return { bias: bias ?? undefined, preluActivationWeights: preluActivationWeights ?? undefined };
}
