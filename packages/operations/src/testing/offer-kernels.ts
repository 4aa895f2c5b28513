import type { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import type { AnyKernel } from "../contract/kernel.ts";
import type { HostTensor } from "../references/host-tensor.ts";
import { referenceOf } from "../references/references.ts";

/**
 * Gives the cpu backend kernels that only some devices have, computed by their references.
 *
 * @param used takes the name of each kernel that runs
 * @returns takes the kernels away again
 */
export function offerKernels(kernels: readonly AnyKernel[], used: string[] = []): () => void {
  const offered = kernels.map((kernel) => {
    const { compute } = referenceOf(kernel);
    tf.registerKernel({
      kernelName: kernel.name,
      backendName: "cpu",
      kernelFunc: ({ inputs, attrs, backend }) => {
        used.push(kernel.name);
        const cpu = backend as MathBackendCPU;
        const given = Object.entries(inputs as tf.NamedTensorMap).map(
          ([name, input]) => [name, hostTensorOf(input, cpu)] as const,
        );
        const outputs = compute(Object.fromEntries(given), attrs ?? {});
        const infoOf = ({ shape, dtype, values }: HostTensor): tf.TensorInfo =>
          cpu.makeTensorInfo(shape, dtype, values);
        return Array.isArray(outputs) ? outputs.map(infoOf) : infoOf(outputs);
      },
    });
    return kernel.name;
  });
  return () => {
    for (const name of offered.splice(0)) tf.unregisterKernel(name, "cpu");
  };
}

function hostTensorOf({ dataId, shape, dtype }: tf.TensorInfo, cpu: MathBackendCPU): HostTensor {
  return { shape, dtype: dtype as HostTensor["dtype"], values: cpu.readSync(dataId) as HostTensor["values"] };
}
