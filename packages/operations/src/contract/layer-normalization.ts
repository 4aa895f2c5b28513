import type { Tensor } from "@tensorflow/tfjs-core";
import type { Kernel, Tolerance } from "./kernel.ts";

export interface LayerNormalizationAttributes {
  readonly epsilon: number;
}

/** Of every kernel in this file. */
export const tolerance: Tolerance = { error: 1e-5, of: "tensor" };

export interface LayerNormInputs {
  /** `[rows, length]`. */
  readonly x: Tensor;
  /** `[length]`. */
  readonly scale: Tensor;
  /** `[length]`. */
  readonly offset: Tensor;
}

/** `(x - mean) / sqrt(variance + epsilon) * scale + offset`, and `[rows]` means and variances, those of each row. */
export const layerNorm: Kernel<
  "LayerNorm",
  LayerNormInputs,
  LayerNormalizationAttributes,
  [y: Tensor, mean: Tensor, variance: Tensor]
> = { name: "LayerNorm" };

export interface LayerNormGradInputs {
  /** `[rows, length]`. */
  readonly dy: Tensor;
  /** `[rows, length]`. */
  readonly x: Tensor;
  /** `[length]`. */
  readonly scale: Tensor;
  /** `[rows]`, as {@link layerNorm} gives it. */
  readonly mean: Tensor;
  /** `[rows]`, as {@link layerNorm} gives it. */
  readonly variance: Tensor;
}

/** The gradients towards x, scale and offset. A device that offers {@link layerNorm} has it too. */
export const layerNormGrad: Kernel<
  "LayerNormGrad",
  LayerNormGradInputs,
  LayerNormalizationAttributes,
  [dx: Tensor, towardsScale: Tensor, towardsOffset: Tensor]
> = { name: "LayerNormGrad" };
