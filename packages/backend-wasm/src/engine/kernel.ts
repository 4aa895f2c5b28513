import {
  type KernelConfig,
  type KernelFunc,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
  getKernel,
} from "@tensorflow/tfjs-core";
import { BACKEND_NAME, type WasmBackend } from "./backend.ts";

/** What a kernel of this backend receives. */
export interface KernelCall<Inputs, Attributes> {
  readonly inputs: { readonly [Name in keyof Inputs]: NonNullable<Inputs[Name]> };
  readonly attrs: Attributes;
  readonly backend: WasmBackend;
}

/**
 * A kernel for this backend.
 *
 * @param run returns `undefined` for a case it does not take (a data type, a layout); the CPU backend's kernel then
 *   computes it
 */
export function kernel<Inputs, Attributes>(
  kernelName: string,
  run: (call: KernelCall<Inputs, Attributes>) => TensorInfo | TensorInfo[] | undefined,
): KernelConfig {
  const kernelFunc: KernelFunc = (call) => {
    // TensorFlow.js types every kernel's parameters alike; what each receives is stated in its own NamedInputs type.
    const own = call as unknown as KernelCall<Inputs, Attributes>;
    return own.backend.run(kernelName, () => run(own) ?? runOnCpu(kernelName, call));
  };
  return { kernelName, backendName: BACKEND_NAME, kernelFunc };
}

/** Runs another registered kernel of this backend. */
export function runKernel(
  name: string,
  inputs: NamedTensorInfoMap,
  attrs: NamedAttrMap,
  backend: WasmBackend,
): TensorInfo {
  return runKernelForAll(name, inputs, attrs, backend)[0] as TensorInfo;
}

/** As {@link runKernel}, with all its outputs. */
export function runKernelForAll(
  name: string,
  inputs: NamedTensorInfoMap,
  attrs: NamedAttrMap,
  backend: WasmBackend,
): readonly TensorInfo[] {
  const result = getKernel(name, BACKEND_NAME).kernelFunc({ inputs, attrs, backend });
  return Array.isArray(result) ? result : [result];
}

function runOnCpu(name: string, call: Parameters<KernelFunc>[0]): TensorInfo | TensorInfo[] {
  return getKernel(name, "cpu").kernelFunc(call);
}
