import {
  type NamedAttrMap,
  type NamedTensorMap,
  type Tensor,
  engine,
  getBackend,
  getKernel,
} from "@tensorflow/tfjs-core";

/** How far a device's numbers may be from the reference's; each file of the contract says it, apart from what pages load. */
export interface Tolerance {
  readonly error: number;
  /** What `error` is multiplied by, if that is above 1: the number itself, or the largest of its tensor. */
  readonly of: "number" | "tensor";
}

/**
 * A kernel: its name, and the types of what it takes and gives.
 *
 * `Inputs` names its tensors, of which some may be optional; `Outputs` is a tensor, or several in their order. The plain
 * computation of each kernel beyond TensorFlow.js's own is in `references/`, under the same file name.
 */
export interface Kernel<
  Name extends string,
  Inputs extends object,
  Attributes extends object,
  Outputs extends Tensor | Tensor[],
> {
  /** As devices register it with `registerKernel`. */
  readonly name: Name;
  /** Carries the types; there is no such value. */
  readonly signature?: (inputs: Inputs, attributes: Attributes) => Outputs;
}

/** What a kernel takes that has no attributes. */
export type NoAttributes = Record<string, never>;

/** Some kernel. */
export type AnyKernel = Kernel<string, never, never, Tensor | Tensor[]>;

type Signature<K extends AnyKernel> = NonNullable<K["signature"]>;

/** The inputs of a kernel, each as such a value: what a device or a reference sees of a tensor. */
export type InputsAs<K extends AnyKernel, Value> = {
  readonly [Name in keyof Parameters<Signature<K>>[0]]: Value;
};

/** The attributes of a kernel. */
export type AttributesOf<K extends AnyKernel> = Parameters<Signature<K>>[1];

/** What a kernel gives, each tensor as such a value. */
export type OutputsAs<K extends AnyKernel, Value> = ValuesFor<ReturnType<Signature<K>>, Value>;

type ValuesFor<Outputs, Value> = Outputs extends Tensor[] ? { [Index in keyof Outputs]: Value } : Value;

/** Runs the current device's kernel. */
export function runKernel<Inputs extends object, Attributes extends object, Outputs extends Tensor | Tensor[]>(
  { name }: Kernel<string, Inputs, Attributes, Outputs>,
  inputs: NoInfer<Inputs>,
  attributes: NoInfer<Attributes>,
): Outputs {
  // TensorFlow.js types the inputs and attributes of all kernels alike.
  return engine().runKernel<Outputs>(name, inputs as NamedTensorMap, attributes as NamedAttrMap);
}

/** Whether the current device has all of these kernels. */
export function offers(...kernels: readonly AnyKernel[]): boolean {
  const device = getBackend();
  return kernels.every(({ name }) => getKernel(name, device) !== undefined);
}
