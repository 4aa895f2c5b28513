import type { RandomStream } from "@featuremap/tensor";
import type { HostTensor } from "./draw.ts";

export type Inputs = Readonly<Record<string, HostTensor>> | readonly HostTensor[];

/** One call of a kernel. */
export interface KernelCase {
  readonly kernel: string;
  readonly inputs: Inputs;
  readonly attrs: Readonly<Record<string, unknown>>;
}

/** Runs a kernel on the CPU backend; a reference may need several. */
export type RunOnCpu = (call: KernelCase) => HostTensor[];

/** A kernel and how its calls are drawn. */
export interface Operation {
  /** The kernel's name, or more where one kernel has several kinds of call. */
  readonly name: string;
  readonly generate: (random: RandomStream) => KernelCase;
  /** What the result should be, where the CPU backend has no such kernel or is known to be wrong. */
  readonly reference?: (call: KernelCase, runOnCpu: RunOnCpu) => HostTensor[];
  /** Largest error, in units of the largest value of the result or, `exact`ly by element, of that element. */
  readonly tolerance?: number;
  readonly by?: "element" | "tensor";
}

/** The input of that name. */
export function inputOf({ inputs }: KernelCase, name: string): HostTensor {
  const input = (inputs as Readonly<Record<string, HostTensor>>)[name];
  if (input === undefined) throw new RangeError(`There is no input ${name}.`);
  return input;
}
