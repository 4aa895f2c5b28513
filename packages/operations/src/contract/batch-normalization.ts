import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";
import type { NoAttributes, Kernel, Tolerance } from "./kernel.ts";

/** Of {@link channelMoments}. */
export const momentsTolerance: Tolerance = { error: 4e-6, of: "tensor" };

/** Mean and biased variance of each channel of `[..., channels]`, of which there is at least one row. */
export const channelMoments: Kernel<
  "ChannelMoments",
  { readonly x: Tensor },
  NoAttributes,
  [mean: Tensor1D, variance: Tensor1D]
> = { name: "ChannelMoments" };

/** Of {@link fusedBatchNormGrad}. */
export const gradientTolerance: Tolerance = { error: 1e-5, of: "tensor" };

export interface FusedBatchNormGradInputs {
  /** `[..., channels]`. */
  readonly dy: Tensor;
  /** `[..., channels]`, of which there is at least one row. */
  readonly x: Tensor;
  /** `[channels]`, the mean of x. */
  readonly mean: Tensor;
  /** `[channels]`, the variance of x. */
  readonly variance: Tensor;
  /** `[channels]`; a factor of 1 where it is left out. */
  readonly scale?: Tensor;
}

/**
 * The gradients of `v * scale + offset`, `v = (x - mean) / sqrt(variance + varianceEpsilon)`, through the moments too.
 *
 * With n rows: `dOffset = sum(dy)`, `dScale = sum(dy v)`,
 * `dx = scale / sqrt(variance + varianceEpsilon) (dy - (dOffset + v dScale) / n)`.
 */
export const fusedBatchNormGrad: Kernel<
  "FusedBatchNormGrad",
  FusedBatchNormGradInputs,
  { readonly varianceEpsilon: number },
  [dx: Tensor, towardsScale: Tensor, towardsOffset: Tensor]
> = { name: "FusedBatchNormGrad" };
