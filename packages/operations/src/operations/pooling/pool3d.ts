import { samePadding } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type PoolGeometry, averagePool2d, maxPool2d } from "./pool2d.ts";

type Three = readonly [number, number, number];

/** How a window moves through volumes. */
export interface Pool3DGeometry {
  readonly size: Three;
  readonly strides: Three;
  readonly padding: "valid" | "same";
}

/**
 * Largest element of each window: `[n, d, h, w, c]` to `[n, d', h', w', c]`.
 *
 * Where several elements of a window are largest each has its whole gradient, as in TensorFlow; in images the first has.
 */
export function maxPool3d(input: tf.Tensor5D, geometry: Pool3DGeometry): tf.Tensor5D {
  const largest = tf.customGrad((...args) => {
    const [volumes, save] = args as [tf.Tensor5D, tf.GradSaveFunc];
    const value = poolInTurn(volumes, geometry, maxPool2d);
    save([volumes, value]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
      const [savedVolumes, savedValue] = saved as [tf.Tensor5D, tf.Tensor5D];
      return largestGradient(dy, savedVolumes, savedValue, geometry);
    };
    return { value, gradFunc };
  });
  return largest(input);
}

/** Mean of each window, over its elements inside the volume: `[n, d, h, w, c]` to `[n, d', h', w', c]`. */
export function averagePool3d(input: tf.Tensor5D, geometry: Pool3DGeometry): tf.Tensor5D {
  return poolInTurn(input, geometry, averagePool2d);
}

/**
 * Pools height and width, and then depth.
 *
 * The largest of the largest is the largest, the mean of means of equally many is the mean, and so devices need kernels
 * for images only; those for volumes are slow where there are any, and differ in what they make of equal elements.
 */
function poolInTurn(
  input: tf.Tensor5D,
  { size, strides, padding }: Pool3DGeometry,
  pool: (images: tf.Tensor4D, geometry: PoolGeometry) => tf.Tensor4D,
): tf.Tensor5D {
  const [batch, depth, height, width, channels] = input.shape;
  const planes = pool(tf.reshape(input, [batch * depth, height, width, channels]), {
    size: [size[1], size[2]],
    strides: [strides[1], strides[2]],
    padding,
  });
  const [, newHeight, newWidth] = planes.shape;
  const stacks = pool(tf.reshape(planes, [batch, depth, newHeight * newWidth, channels]), {
    size: [size[0], 1],
    strides: [strides[0], 1],
    padding,
  });
  return tf.reshape(stacks, [batch, stacks.shape[1], newHeight, newWidth, channels]);
}

/** Which window is over each element of an axis, and whether there is one. */
interface Cover {
  readonly window: tf.Tensor1D;
  /** 1 or 0, to broadcast along the axis. */
  readonly exists: tf.Tensor;
}

/** Sums, for each element, the gradients of those windows over it whose largest value it has. */
function largestGradient(
  dy: tf.Tensor,
  volumes: tf.Tensor5D,
  largest: tf.Tensor5D,
  geometry: Pool3DGeometry,
): tf.Tensor {
  const covers = ([0, 1, 2] as const).map((axis) => coversOf(volumes, largest, geometry, axis));
  const sumFrom = (axis: number, values: tf.Tensor, gradient: tf.Tensor): tf.Tensor => {
    const along = covers[axis];
    if (along === undefined) return tf.mul(gradient, tf.cast(tf.equal(volumes, values), "float32"));
    return along
      .map(({ window, exists }) => {
        const spread = tf.mul(tf.gather(gradient, window, axis + 1), exists);
        return sumFrom(axis + 1, tf.gather(values, window, axis + 1), spread);
      })
      .reduce((sum, term) => tf.add(sum, term));
  };
  return sumFrom(0, largest, dy);
}

/** As many as the windows that may lie over one element; one where windows do not overlap. */
function coversOf(volumes: tf.Tensor5D, largest: tf.Tensor5D, geometry: Pool3DGeometry, axis: 0 | 1 | 2): Cover[] {
  const [length, windows] = [volumes.shape[axis + 1] ?? 0, largest.shape[axis + 1] ?? 0];
  const [size, stride] = [geometry.size[axis], geometry.strides[axis]];
  const before = geometry.padding === "same" ? samePadding(length, size, stride).start : 0;
  const beside = volumes.shape.map((_, index) => (index === axis + 1 ? length : 1));
  return Array.from({ length: Math.ceil(size / stride) }, (_, back) => {
    const window = Array.from({ length }, (_unused, element) => Math.floor((element + before) / stride) - back);
    const exists = window.map((index, element) => {
      return index >= 0 && index < windows && element + before < index * stride + size ? 1 : 0;
    });
    return {
      window: tf.tensor1d(
        window.map((index) => Math.max(0, Math.min(windows - 1, index))),
        "int32",
      ),
      exists: tf.tensor(exists, beside, "float32"),
    };
  });
}
