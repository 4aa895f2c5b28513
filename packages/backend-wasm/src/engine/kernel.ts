import type { AnyKernel, AttributesOf, InputsAs, OutputsAs } from "@featuremap/operations/contract/kernel";
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
  readonly inputs: Inputs;
  readonly attrs: Attributes;
  readonly backend: WasmBackend;
}

/** The inputs that a kernel's NamedInputs type states, which are there. */
type Present<Inputs> = { readonly [Name in keyof Inputs]: NonNullable<Inputs[Name]> };

/**
 * A kernel for this backend.
 *
 * @param run returns `undefined` for a case it does not take (a data type, a layout); the CPU backend's kernel then
 *   computes it
 */
export function kernel<Inputs, Attributes>(
  kernelName: string,
  run: (call: KernelCall<Present<Inputs>, Attributes>) => TensorInfo | TensorInfo[] | undefined,
): KernelConfig {
  const kernelFunc: KernelFunc = (call) => {
    // TensorFlow.js types every kernel's parameters alike; what each receives is stated in its own NamedInputs type.
    const own = call as KernelCall<Inputs, Attributes> as KernelCall<Present<Inputs>, Attributes>;
    return own.backend.run(kernelName, () => run(own) ?? runOnCpu(kernelName, call));
  };
  return { kernelName, backendName: BACKEND_NAME, kernelFunc };
}

/** A kernel of the contract, which names what it takes and gives; there is no other that would compute it. */
export function offeredKernel<K extends AnyKernel>(
  kernelName: K["name"],
  run: (call: KernelCall<InputsAs<K, TensorInfo>, AttributesOf<K>>) => OutputsAs<K, TensorInfo>,
): KernelConfig {
  return kernel<InputsAs<K, TensorInfo>, AttributesOf<K>>(kernelName, (call) => run(call) as TensorInfo | TensorInfo[]);
}

/** Runs another registered kernel of this backend with one output; a list is for one whose inputs have no names. */
export function runKernel(
  name: string,
  inputs: NamedTensorInfoMap | readonly TensorInfo[],
  attrs: NamedAttrMap,
  backend: WasmBackend,
): TensorInfo {
  return getKernel(name, BACKEND_NAME).kernelFunc({
    inputs: inputs as NamedTensorInfoMap,
    attrs,
    backend,
  }) as TensorInfo;
}

/** Runs a kernel of the contract. */
export function runOffered<K extends AnyKernel>(
  name: K["name"],
  inputs: InputsAs<K, TensorInfo>,
  attrs: AttributesOf<K>,
  backend: WasmBackend,
): OutputsAs<K, TensorInfo> {
  const call = { inputs: inputs as NamedTensorInfoMap, attrs: attrs as NamedAttrMap, backend };
  return getKernel(name, BACKEND_NAME).kernelFunc(call) as OutputsAs<K, TensorInfo>;
}

function runOnCpu(name: string, call: Parameters<KernelFunc>[0]): TensorInfo | TensorInfo[] {
  return getKernel(name, "cpu").kernelFunc(call);
}
