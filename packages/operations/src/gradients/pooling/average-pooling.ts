import * as tf from "@tensorflow/tfjs-core";
import { type Kernel, runKernel } from "../../contract/kernel.ts";
import { zeros } from "../kernel-gradient.ts";

/** The windows of a pooling along one axis; `before` is the padding at its start. */
export interface PoolingAxis {
  readonly input: number;
  readonly output: number;
  readonly size: number;
  readonly stride: number;
  readonly before: number;
}

/**
 * The gradient of average pooling, where a window counts only what lies inside the image.
 *
 * Backends' kernels divide by the size of the whole window also where a part of it is padding. So for padded pooling
 * `dy` is scaled to what the window really counts, and the kernel sees a padded image without padding of its own.
 *
 * @param kernel `AvgPoolGrad` or `AvgPool3DGrad`
 * @param axes one for each axis between batch and channels
 */
export function averagePoolGradient<Attributes extends tf.AvgPoolGradAttrs | tf.AvgPool3DGradAttrs>(
  kernel: Kernel<string, { readonly dy: tf.Tensor; readonly input: tf.Tensor }, Attributes, tf.Tensor>,
  dy: tf.Tensor,
  x: tf.Tensor,
  attributes: NoInfer<Attributes>,
  axes: readonly PoolingAxis[],
): tf.Tensor {
  const counts = axes.map(countsInside);
  if (counts.every((along, index) => along.every((count) => count === axes[index]?.size))) {
    return runKernel(kernel, { dy, input: x }, attributes);
  }
  const scale = axes
    .map(({ size }, axis) =>
      axisTensor(counts[axis]?.map((count) => (count === 0 ? 0 : size / count)) ?? [], axis, axes),
    )
    .reduce((product, along) => tf.mul(product, along));
  // The kernel needs only the shape of what was pooled.
  const padded = zeros([x.shape[0] ?? 1, ...axes.map(coveredLength), x.shape.at(-1) ?? 1]);
  const gradient = runKernel(kernel, { dy: tf.mul(dy, scale), input: padded }, { ...attributes, pad: "valid" });
  return cutOut(gradient, axes, x.shape);
}

/** How many elements of each window lie inside the input. */
function countsInside({ input, output, size, stride, before }: PoolingAxis): number[] {
  return Array.from({ length: output }, (_, index) => {
    const start = index * stride - before;
    return Math.max(0, Math.min(start + size, input) - Math.max(start, 0));
  });
}

/** From the first element of the first window to the last of the last. */
function coveredLength({ output, size, stride }: PoolingAxis): number {
  return (output - 1) * stride + size;
}

/** The part for the input itself; what lies after the last window has no part in the output. */
function cutOut(covered: tf.Tensor, axes: readonly PoolingAxis[], shape: number[]): tf.Tensor {
  const lengths = axes.map((axis) => Math.min(axis.input, coveredLength(axis) - axis.before));
  const begin = [0, ...axes.map(({ before }) => before), 0];
  const seen = tf.slice(covered, begin, [shape[0] ?? 1, ...lengths, shape.at(-1) ?? 1]);
  const unseen = axes.map(({ input }, axis): [number, number] => [0, input - (lengths[axis] ?? input)]);
  return unseen.every(([, after]) => after === 0) ? seen : tf.pad(seen, [[0, 0], ...unseen, [0, 0]]);
}

/** Values along one of the pooled axes, to broadcast over `[batch, ...axes, channels]`. */
function axisTensor(values: number[], axis: number, axes: readonly PoolingAxis[]): tf.Tensor {
  const shape = [1, ...axes.map((_, index) => (index === axis ? values.length : 1)), 1];
  return tf.tensor(values, shape, "float32");
}
