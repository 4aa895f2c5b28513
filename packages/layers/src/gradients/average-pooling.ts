import * as tf from "@tensorflow/tfjs-core";
import { runKernel, zeros } from "./kernel-gradient.ts";

/** The windows of a pooling along one axis; `before` and `after` are the padding. */
export interface PoolingAxis {
  readonly input: number;
  readonly output: number;
  readonly size: number;
  readonly stride: number;
  readonly before: number;
  readonly after: number;
}

/**
 * The gradient of average pooling, where a window counts only what lies inside the image.
 *
 * Backends' kernels divide by the size of the whole window also where a part of it is padding. So for padded pooling
 * `dy` is scaled to what the window really counts, and the kernel sees a padded image without padding of its own.
 *
 * @param kernelName `AvgPoolGrad` or `AvgPool3DGrad`
 * @param axes one for each axis between batch and channels
 */
export function averagePoolGradient(
  kernelName: string,
  dy: tf.Tensor,
  x: tf.Tensor,
  attributes: tf.AvgPoolAttrs | tf.AvgPool3DAttrs,
  axes: readonly PoolingAxis[],
): tf.Tensor {
  const counts = axes.map(countsInside);
  if (counts.every((along, index) => along.every((count) => count === axes[index]?.size))) {
    return runKernel(kernelName, { dy, input: x }, attributes);
  }
  const scale = axes
    .map(({ size }, axis) =>
      axisTensor(counts[axis]?.map((count) => (count === 0 ? 0 : size / count)) ?? [], axis, axes),
    )
    .reduce((product, along) => tf.mul(product, along));
  const { filterSize, strides } = attributes;
  // The kernel needs only the shape of what was pooled.
  const padded = zeros(
    x.shape.map((length, axis) => {
      const window = axes[axis - 1];
      return window === undefined ? length : paddedLength(window);
    }),
  );
  const gradient = runKernel(
    kernelName,
    { dy: tf.mul(dy, scale), input: padded },
    { filterSize, strides, pad: "valid" },
  );
  return tf.slice(gradient, [0, ...axes.map(({ before }) => before), 0], x.shape);
}

/** How many elements of each window lie inside the input. */
function countsInside({ input, output, size, stride, before }: PoolingAxis): number[] {
  return Array.from({ length: output }, (_, index) => {
    const start = index * stride - before;
    return Math.max(0, Math.min(start + size, input) - Math.max(start, 0));
  });
}

/** Where output lengths are rounded up, the last window reaches further than the padding does. */
function paddedLength({ input, output, size, stride, before, after }: PoolingAxis): number {
  return Math.max(before + input + after, (output - 1) * stride + size);
}

/** Values along one of the pooled axes, to broadcast over `[batch, ...axes, channels]`. */
function axisTensor(values: number[], axis: number, axes: readonly PoolingAxis[]): tf.Tensor {
  const shape = [1, ...axes.map((_, index) => (index === axis ? values.length : 1)), 1];
  return tf.tensor(values, shape, "float32");
}
