import { registerWasmBackend } from "@featuremap/backend-wasm";
import * as tf from "@tensorflow/tfjs-core";

/** What the test sees of a convolution in the page. */
export interface PageConvolution {
  readonly threads: number;
  readonly sharedMemory: boolean;
  readonly output: readonly number[];
  readonly filterGradient: readonly number[];
}

/** Convolves 8 images of ones, which several threads share, and takes the gradient of the sum by the filter. */
async function convolveInPage(threads: number): Promise<PageConvolution> {
  const info = await registerWasmBackend({ threads });
  await tf.setBackend(info.name);
  const [output, gradient] = tf.tidy(() => {
    const x = tf.ones<tf.Rank.R4>([8, 32, 32, 2]);
    const filter = tf.tensor4d(
      Array.from({ length: 3 * 3 * 2 * 4 }, (_, index) => index),
      [3, 3, 2, 4],
    );
    const y = tf.conv2d(x, filter, 1, "valid");
    const attrs = { strides: 1, pad: "valid", dataFormat: "NHWC", filterShape: filter.shape };
    const dy = tf.onesLike(y);
    return [y, tf.engine().runKernel<tf.Tensor>("Conv2DBackpropFilter", { x, dy }, attrs)];
  });
  const result = {
    threads: info.threads,
    sharedMemory: info.sharedMemory,
    output: [...(await output.data())],
    filterGradient: [...(await gradient.data())],
  };
  tf.dispose([output, gradient]);
  tf.removeBackend(info.name);
  return result;
}

Object.assign(globalThis, { convolveInPage });
