import { sizeOf } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { choose, keepWhere, kernelGradient, zeros } from "../kernel-gradient.ts";

/** Choosing elements by a condition or by indices, and adding elements up by them. Indices have no derivative: zeros. */
export const selectionGradients: readonly tf.GradConfig[] = [
  kernelGradient(tf.Select, ["condition"], (dy, { condition }) => ({
    condition: () => zeros(condition.shape),
    t: () => keepWhere(condition, dy),
    e: () => choose(condition, zeros(dy.shape), dy),
  })),
  kernelGradient(tf.GatherV2, ["x", "indices"], (dy, { x, indices }, attributes: tf.GatherV2Attrs) => ({
    x: () => scatterAlongAxis(dy, indices, x.shape, attributes),
    indices: () => zeros(indices.shape),
  })),
  kernelGradient(tf.GatherNd, ["params", "indices"], (dy, { params, indices }) => ({
    params: () => tf.scatterND(indices, dy, params.shape),
    indices: () => zeros(indices.shape),
  })),
  kernelGradient(tf.ScatterNd, ["indices"], (dy, { indices }) => ({
    updates: () => tf.gatherND(dy, indices),
    indices: () => zeros(indices.shape),
  })),
  kernelGradient(tf.UnsortedSegmentSum, ["segmentIds"], (dy, { segmentIds }) => ({
    x: () => {
      // An element of a negative segment is in no sum.
      const elements = tf.gather(dy, tf.maximum(segmentIds, tf.zerosLike(segmentIds)));
      const counts = tf.greaterEqual(segmentIds, tf.zerosLike(segmentIds));
      const column = [...segmentIds.shape, ...elements.shape.slice(segmentIds.rank).map(() => 1)];
      return tf.where(tf.reshape(counts, column), elements, zeros(elements.shape));
    },
    segmentIds: () => zeros(segmentIds.shape),
  })),
];

/**
 * The transpose of `gather`: what was taken several times gets the sum.
 *
 * `x` is `[batch..., outer..., length, inner...]` and `dy` is `[batch..., outer..., picks..., inner...]`, with the
 * indices `[batch..., picks...]` into `length`; each group of axes is taken as one.
 */
function scatterAlongAxis(dy: tf.Tensor, indices: tf.Tensor, shape: number[], attributes: tf.GatherV2Attrs): tf.Tensor {
  const axis = tf.util.parseAxisParam(attributes.axis, shape)[0] ?? 0;
  const batchRank = attributes.batchDims < 0 ? attributes.batchDims + indices.rank : attributes.batchDims;
  const batch = sizeOf(shape.slice(0, batchRank));
  const outer = sizeOf(shape.slice(batchRank, axis));
  const length = shape[axis] ?? 1;
  const inner = sizeOf(shape.slice(axis + 1));
  const picks = sizeOf(indices.shape.slice(batchRank));

  const rows = swapMiddleAxes(tf.reshape(dy, [batch, outer, picks, inner]));
  const starts = tf.reshape(tf.range(0, batch * length, length, "int32"), [batch, 1]);
  const rowIndices = tf.add(tf.reshape(tf.cast(indices, "int32"), [batch, picks]), starts);
  const sums = tf.scatterND(
    tf.reshape(rowIndices, [batch * picks, 1]),
    tf.reshape(rows, [batch * picks, outer * inner]),
    [batch * length, outer * inner],
  );
  return tf.reshape(swapMiddleAxes(tf.reshape(sums, [batch, length, outer, inner])), shape);
}

/** `[a, b, c, d]` to `[a, c, b, d]` */
function swapMiddleAxes(x: tf.Tensor): tf.Tensor {
  const [a = 1, b = 1, c = 1, d = 1] = x.shape;
  return b === 1 || c === 1 ? tf.reshape(x, [a, c, b, d]) : tf.transpose(x, [0, 2, 1, 3]);
}
