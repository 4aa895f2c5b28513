import type { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";

/**
 * Gives the cpu backend a kernel that only some devices have, computed by plain operations.
 *
 * @returns takes the kernel away again
 */
export function offerKernel(
  kernelName: string,
  compute: (inputs: tf.NamedTensorMap, attributes: object) => tf.Tensor[],
): () => void {
  tf.registerKernel({
    kernelName,
    backendName: "cpu",
    kernelFunc: ({ inputs, attrs, backend }) => {
      const results = tf.tidy(() =>
        compute(inputs as tf.NamedTensorMap, attrs ?? {}).map((result) => ({
          shape: result.shape,
          dtype: result.dtype,
          values: result.dataSync().slice(),
        })),
      );
      const infos = results.map(({ shape, dtype, values }) =>
        (backend as MathBackendCPU).makeTensorInfo(shape, dtype, values),
      );
      return infos.length === 1 && infos[0] !== undefined ? infos[0] : infos;
    },
  });
  return () => tf.unregisterKernel(kernelName, "cpu");
}
