import type { AnyKernel, AttributesOf, InputsAs, OutputsAs, Tolerance } from "../contract/kernel.ts";
import type { HostTensor } from "./host-tensor.ts";

/** A kernel of the contract with the plain computation that devices' are compared with. */
export interface Reference {
  readonly kernel: AnyKernel;
  readonly tolerance: Tolerance;
  readonly compute: (inputs: Readonly<Record<string, HostTensor>>, attributes: object) => HostTensor | HostTensor[];
}

/** The reference of a kernel, typed by it. */
export function reference<K extends AnyKernel>(
  kernel: K,
  tolerance: Tolerance,
  compute: (inputs: InputsAs<K, HostTensor>, attributes: AttributesOf<K>) => OutputsAs<K, HostTensor>,
): Reference {
  return {
    kernel,
    tolerance,
    compute: (inputs, attributes) =>
      compute(inputs as InputsAs<K, HostTensor>, attributes as AttributesOf<K>) as HostTensor | HostTensor[],
  };
}
