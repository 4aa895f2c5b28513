import type { Tensor } from "@tensorflow/tfjs-core";
import type { AttributesOf, InputsAs, OfferedKernel, OutputsAs } from "../contract/kernel.ts";
import type { HostTensor } from "./host-tensor.ts";

/** A kernel of the contract with the plain computation that devices' are compared with. */
export interface Reference {
  readonly kernel: OfferedKernel<string, never, never, Tensor | Tensor[]>;
  readonly compute: (inputs: Readonly<Record<string, HostTensor>>, attributes: object) => HostTensor | HostTensor[];
}

/** The reference of a kernel, typed by it. */
export function reference<K extends Reference["kernel"]>(
  kernel: K,
  compute: (inputs: InputsAs<K, HostTensor>, attributes: AttributesOf<K>) => OutputsAs<K, HostTensor>,
): Reference {
  return {
    kernel,
    compute: (inputs, attributes) =>
      compute(inputs as InputsAs<K, HostTensor>, attributes as AttributesOf<K>) as HostTensor | HostTensor[],
  };
}
