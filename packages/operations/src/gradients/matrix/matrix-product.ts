import { sizeOf } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { reshapeTo, sumTo } from "../elementwise/broadcasting.ts";
import { kernelGradient } from "../kernel-gradient.ts";

interface Factor {
  readonly matrices: tf.Tensor;
  readonly transposed: boolean;
}

/** Matrix products of batches of matrices, whose batch axes may broadcast. */
export const matrixProductGradients: readonly tf.GradConfig[] = [
  kernelGradient(tf.BatchMatMul, ["a", "b"], (dy, { a, b }, { transposeA, transposeB }: tf.BatchMatMulAttrs) => ({
    a: () =>
      transposeA
        ? product({ matrices: b, transposed: transposeB }, { matrices: dy, transposed: true }, a.shape)
        : product({ matrices: dy, transposed: false }, { matrices: b, transposed: !transposeB }, a.shape),
    b: () =>
      transposeB
        ? product({ matrices: dy, transposed: true }, { matrices: a, transposed: transposeA }, b.shape)
        : product({ matrices: a, transposed: !transposeA }, { matrices: dy, transposed: false }, b.shape),
  })),
];

/** `left right`, with batch axes broadcast against each other, summed over those that `shape` lacks. */
function product(left: Factor, right: Factor, shape: number[]): tf.Tensor {
  const [leftBatch, rightBatch] = [batchOf(left), batchOf(right)];
  const batchSize = sizeOf(shape.slice(0, -2));
  if (!left.transposed && sizeOf(rightBatch) === 1 && sizeOf(leftBatch) === batchSize) {
    // One right matrix for all: the rows of every left one form one tall matrix.
    const matrix = reshapeTo(right.matrices.shape.slice(-2), right.matrices);
    return reshapeTo(shape, tf.matMul(asOneMatrix(left), matrix, false, right.transposed));
  }
  if (left.transposed && !right.transposed && batchSize === 1 && tf.util.arraysEqual(leftBatch, rightBatch)) {
    // The sum over a batch of products is the product of tall matrices.
    return reshapeTo(shape, tf.matMul(asOneMatrix(left), asOneMatrix(right), true, false));
  }
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(leftBatch, rightBatch);
  const products = tf.matMul(
    broadcastBatch(left.matrices, batch),
    broadcastBatch(right.matrices, batch),
    left.transposed,
    right.transposed,
  );
  return sumTo(shape, products);
}

function batchOf({ matrices }: Factor): number[] {
  return matrices.shape.slice(0, -2);
}

function asOneMatrix({ matrices }: Factor): tf.Tensor {
  const columns = matrices.shape.at(-1) ?? 1;
  return reshapeTo([sizeOf(matrices.shape.slice(0, -1)), columns], matrices);
}

/** Not every backend broadcasts several batch axes against each other, so it is done beforehand. */
function broadcastBatch(matrices: tf.Tensor, batch: number[]): tf.Tensor {
  const shape = [...batch, ...matrices.shape.slice(-2)];
  return tf.util.arraysEqual(matrices.shape, shape) ? matrices : tf.broadcastTo(matrices, shape);
}
