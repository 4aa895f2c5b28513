import type { RandomStream } from "@featuremap/tensor";
import type { AnyKernel, AttributesOf, InputsAs } from "../contract/kernel.ts";
import type { HostTensor } from "../references/host-tensor.ts";
import { referenceOf } from "../references/references.ts";
import type { KernelCheck } from "./check-kernel.ts";

/** The check of a kernel of the contract against its reference, over calls that `draw` makes. */
export function checkOf<K extends AnyKernel>(
  kernel: K,
  draw: (random: RandomStream) => {
    readonly inputs: InputsAs<K, HostTensor>;
    readonly attributes: AttributesOf<K>;
  },
): KernelCheck {
  const { name } = kernel;
  const { compute, tolerance } = referenceOf(kernel);
  return {
    name,
    tolerance,
    generate(random) {
      const { inputs, attributes } = draw(random);
      return { kernel: name, inputs, attrs: attributes };
    },
    expected: ({ inputs, attrs }) => [compute(inputs as Readonly<Record<string, HostTensor>>, attrs)].flat(),
  };
}
