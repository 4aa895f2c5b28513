import { dilatedKernelSize } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";

/** Kernel with `dilation - 1` zeros between its rows and columns: `[h, w, in, out]` to `[(h-1)d+1, (w-1)d+1, in, out]`. */
export function dilateKernel(kernel: tf.Tensor4D, dilation: readonly [number, number]): tf.Tensor4D {
  const [height, width, inputs, outputs] = kernel.shape;
  const [rows, columns] = dilation;
  const [dilatedHeight, dilatedWidth] = [dilatedKernelSize(height, rows), dilatedKernelSize(width, columns)];
  return tf.tidy(() => {
    const rowBlocks = tf.reshape(kernel, [height, width * inputs * outputs]);
    const tallRows = tf.reshape(padAxis1(rowBlocks, (rows - 1) * width * inputs * outputs), [-1, inputs * outputs]);
    const both = tf.reshape<tf.Rank.R4>(padAxis1(tallRows, (columns - 1) * inputs * outputs), [
      height * rows,
      width * columns,
      inputs,
      outputs,
    ]);
    return tf.slice(both, [0, 0, 0, 0], [dilatedHeight, dilatedWidth, inputs, outputs]);
  });
}

function padAxis1(matrix: tf.Tensor, zeros: number): tf.Tensor {
  return tf.pad(matrix, [
    [0, 0],
    [0, zeros],
  ]);
}

/**
 * Convolution with gaps between kernel elements, stride 1, that can be trained.
 *
 * tfjs has no gradient for it. Here the input's gradient is that of the kernel with zeros in its gaps, and the
 * kernel's is every `dilation`-th tap of that one's, so only kernels that every backend has are used.
 * Shape: `[n, h, w, in]` and `[kh, kw, in, out]` to `[n, h', w', out]`.
 */
export function dilatedConv2d(
  input: tf.Tensor4D,
  kernel: tf.Tensor4D,
  padding: "valid" | "same",
  dilation: readonly [number, number],
): tf.Tensor4D {
  const convolve = tf.customGrad((...args) => {
    const [image, weights, save] = args as [tf.Tensor4D, tf.Tensor4D, tf.GradSaveFunc];
    save([image, weights]);
    const value = tf.conv2d(image, weights, 1, padding, "NHWC", [...dilation]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [savedImage, savedKernel] = saved as [tf.Tensor4D, tf.Tensor4D];
      return gradients(dy as tf.Tensor4D, savedImage, savedKernel, padding, dilation);
    };
    return { value, gradFunc };
  });
  return convolve(input, kernel);
}

function gradients(
  dy: tf.Tensor4D,
  input: tf.Tensor4D,
  kernel: tf.Tensor4D,
  padding: "valid" | "same",
  dilation: readonly [number, number],
): tf.Tensor[] {
  const wide = dilateKernel(kernel, dilation);
  const attributes = { strides: 1, pad: padding, dataFormat: "NHWC" };
  const engine = tf.engine();
  const inputGradient = engine.runKernel<tf.Tensor>(
    tf.Conv2DBackpropInput,
    { dy, filter: wide },
    { ...attributes, inputShape: input.shape },
  );
  const wideGradient = engine.runKernel<tf.Tensor>(
    tf.Conv2DBackpropFilter,
    { x: input, dy },
    { ...attributes, filterShape: wide.shape },
  );
  const kernelGradient = tf.stridedSlice(wideGradient, [0, 0, 0, 0], wide.shape, [...dilation, 1, 1]);
  return [inputGradient, kernelGradient];
}
