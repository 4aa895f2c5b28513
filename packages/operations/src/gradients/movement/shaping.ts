import * as tf from "@tensorflow/tfjs-core";
import { sizeOf } from "@featuremap/tensor";
import { sumTo } from "../elementwise/broadcasting.ts";
import { kernelGradient } from "../kernel-gradient.ts";

/** Kernels that keep or repeat values and only arrange them anew. */
export const shapingGradients: readonly tf.GradConfig[] = [
  kernelGradient(tf.Identity, [], (dy) => ({ x: () => dy })),
  // Derivatives are float32 whatever the tensors are.
  kernelGradient(tf.Cast, [], (dy) => ({ x: () => dy })),
  kernelGradient(tf.Reshape, ["x"], (dy, { x }) => ({ x: () => tf.reshape(dy, x.shape) })),
  kernelGradient(tf.ExpandDims, ["input"], (dy, { input }) => ({ input: () => tf.reshape(dy, input.shape) })),
  kernelGradient(tf.Transpose, [], (dy, _kept, { perm }: tf.TransposeAttrs) => ({
    x: () => tf.transpose(dy, tf.backend_util.getUndoAxesPermutation(perm)),
  })),
  kernelGradient(tf.Reverse, [], (dy, _kept, { dims }: tf.ReverseAttrs) => ({ x: () => tf.reverse(dy, dims) })),
  kernelGradient(tf.BroadcastTo, ["x"], (dy, { x }) => ({ x: () => sumTo(x.shape, dy) })),
  kernelGradient(tf.Tile, [], (dy, _kept, { reps }: tf.TileAttrs) => ({ x: () => sumRepetitions(dy, reps) })),
  kernelGradient(tf.SpaceToBatchND, [], (dy, _kept, { blockShape, paddings }: tf.SpaceToBatchNDAttrs) => ({
    x: () => tf.batchToSpaceND(dy, blockShape, paddings),
  })),
  kernelGradient(tf.BatchToSpaceND, [], (dy, _kept, { blockShape, crops }: tf.BatchToSpaceNDAttrs) => ({
    x: () => tf.spaceToBatchND(dy, blockShape, crops),
  })),
];

/** Sums the `repetitions[axis]` copies along each axis; by one axis at a time, so that rank 3 is enough for any. */
function sumRepetitions(dy: tf.Tensor, repetitions: readonly number[]): tf.Tensor {
  let sum = dy;
  for (const [axis, count] of repetitions.entries()) {
    if (count === 1) continue;
    const before = sum.shape.slice(0, axis);
    const after = [(sum.shape[axis] ?? 0) / count, ...sum.shape.slice(axis + 1)];
    const copies = tf.reshape(sum, [sizeOf(before), count, sizeOf(after)]);
    sum = tf.reshape(tf.sum(copies, 1), [...before, ...after]);
  }
  return sum;
}
