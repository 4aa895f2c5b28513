import * as tf from "@tensorflow/tfjs-core";
import { channelMoments as channelMomentsKernel, fusedBatchNormGrad } from "../../contract/batch-normalization.ts";
import { offers, runKernel } from "../../contract/kernel.ts";
import { isRecording } from "../../contract/recording.ts";

/** Mean and biased variance of each channel. */
export interface Moments {
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
}

/**
 * The moments of each channel over all rows, as constants that no gradient goes through.
 *
 * @param x float32 `[rows, channels]`
 */
export function channelMoments(x: tf.Tensor2D): Moments {
  // As one operation: what its parts would leave for a gradient is as large as x, and nobody asks for it.
  const measure = tf.customGrad((...args) => {
    const [rows] = args as [tf.Tensor2D, tf.GradSaveFunc];
    const parts =
      x.size > 0 && offers(channelMomentsKernel)
        ? runKernel(channelMomentsKernel, { x: rows }, {})
        : composedMoments(rows);
    return { value: tf.stack(parts), gradFunc: () => tf.zeros(x.shape) };
  });
  const [mean, variance] = tf.unstack(measure(x)) as [tf.Tensor1D, tf.Tensor1D];
  return { mean, variance };
}

function composedMoments(x: tf.Tensor2D): tf.Tensor[] {
  const mean = tf.mean(x, 0);
  return [mean, tf.mean(tf.squaredDifference(x, mean), 0)];
}

/** How values are normalised. */
export interface Scaling {
  /** `[channels]`, or `null` for a factor of 1. */
  readonly gamma: tf.Tensor1D | null;
  /** `[channels]`, or `null` for an offset of 0. */
  readonly beta: tf.Tensor1D | null;
  readonly epsilon: number;
}

/**
 * `(x - mean) / sqrt(variance + epsilon) * gamma + beta`, for the moments of x itself: its gradient is that through the
 * moments too.
 *
 * With n rows, `v = (x - mean) / sqrt(variance + epsilon)` and the derivative dy:
 * `dBeta = sum(dy)`, `dGamma = sum(dy v)`, `dx = gamma / sqrt(variance + epsilon) (dy - (dBeta + v dGamma) / n)`.
 * Source: Ioffe and Szegedy, 2015, section 3.
 *
 * @param x float32 `[rows, channels]`
 */
export function normalizeByOwnMoments(x: tf.Tensor2D, { mean, variance }: Moments, scaling: Scaling): tf.Tensor2D {
  const { gamma, beta, epsilon } = scaling;
  const given = [x, ...(gamma === null ? [] : [gamma]), ...(beta === null ? [] : [beta])];
  const normalize = tf.customGrad((...args) => {
    const save = args.at(-1) as tf.GradSaveFunc;
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [dx, towardsGamma, towardsBeta] = batchNormalizationGradients(dy, saved, epsilon);
      return [dx, ...(gamma === null ? [] : [towardsGamma]), ...(beta === null ? [] : [towardsBeta])];
    };
    const value = tf.batchNorm2d(x, mean, variance, beta ?? undefined, gamma ?? undefined, epsilon);
    // Last of all: what is saved by an operation that then fails is freed by nobody.
    save([x, mean, variance, ...(gamma === null ? [] : [gamma])]);
    return { value, gradFunc };
  });
  return normalize(...given);
}

function batchNormalizationGradients(
  dy: tf.Tensor,
  saved: readonly tf.Tensor[],
  varianceEpsilon: number,
): [tf.Tensor, tf.Tensor, tf.Tensor] {
  const [x, mean, variance, scale] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor?];
  if (x.size > 0 && !isRecording() && offers(fusedBatchNormGrad)) {
    const inputs = { dy, x, mean, variance, ...(scale !== undefined && { scale }) };
    return runKernel(fusedBatchNormGrad, inputs, { varianceEpsilon });
  }
  const inverse = tf.rsqrt(tf.add(variance, varianceEpsilon));
  const normalized = tf.mul(tf.sub(x, mean), inverse);
  const towardsBeta = tf.sum(dy, 0);
  const towardsGamma = tf.sum(tf.mul(dy, normalized), 0);
  const shared = tf.add(towardsBeta, tf.mul(normalized, towardsGamma));
  const rows = x.shape[0] ?? 1;
  const factor = scale === undefined ? inverse : tf.mul(inverse, scale);
  return [tf.mul(factor, tf.sub(dy, tf.div(shared, rows))), towardsGamma, towardsBeta];
}

/**
 * `(x - mean) / sqrt(variance + epsilon) * gamma + beta` by given moments.
 *
 * @param axis where the channels are
 */
export function normalizeByMoments(x: tf.Tensor, moments: Moments, scaling: Scaling, axis: number): tf.Tensor {
  const { mean, variance } = moments;
  const { gamma, beta, epsilon } = scaling;
  const isLast = axis === x.rank - 1;
  if (isLast && !isRecording()) {
    const rows = rowsOf(x);
    return tf.reshape(tf.batchNorm2d(rows, mean, variance, beta ?? undefined, gamma ?? undefined, epsilon), x.shape);
  }
  // TensorFlow.js's own kernel has no gradient where scale or offset is left out.
  const beside = x.shape.map((length, index) => (index === axis ? length : 1));
  const along = (values: tf.Tensor): tf.Tensor => (isLast ? values : tf.reshape(values, beside));
  const inverse = tf.rsqrt(tf.add(variance, epsilon));
  const factor = gamma === null ? inverse : tf.mul(inverse, gamma);
  const offset = tf.neg(tf.mul(mean, factor));
  return tf.add(tf.mul(x, along(factor)), along(beta === null ? offset : tf.add(offset, beta)));
}

/** `[..., channels]` as `[rows, channels]`. */
export function rowsOf(x: tf.Tensor): tf.Tensor2D {
  const channels = x.shape.at(-1) ?? 1;
  return tf.reshape(x, [x.size / Math.max(1, channels), channels]);
}
