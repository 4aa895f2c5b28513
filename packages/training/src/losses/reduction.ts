import { type FixedShape, InvalidConfigError, ShapeError, formatShape } from "@featuremap/tensor";
import { type Tensor, add, cast, div, divNoNan, mul, reshape, sum } from "@tensorflow/tfjs-core";
import type { EitherCase } from "../resolve-name.ts";

/** How the losses of a batch become one number. */
export type Reduction = EitherCase<"sumOverBatchSize" | "sum" | "mean" | "meanWithSampleWeight" | "none">;

const reductions = ["sumOverBatchSize", "sum", "mean", "meanWithSampleWeight", "none"] as const;
type ReductionName = (typeof reductions)[number];

/** The reduction in camelCase. @throws {InvalidConfigError} there is none of that name. */
export function resolveReduction(owner: string, choice: Reduction): ReductionName {
  const plain = (name: string): string => name.replaceAll("_", "").toLowerCase();
  const found = reductions.find((name) => plain(name) === plain(choice));
  if (found) return found;
  throw new InvalidConfigError(owner, "reduction", `one of ${reductions.join(", ")}`, choice);
}

/** What counts how much. */
export interface Weighting {
  /** float32 `[batch]`, or a longer part of the values' shape. */
  readonly sampleWeight?: Tensor | undefined;
  /** bool of the values' shape: false where there is nothing to learn. */
  readonly mask?: Tensor | undefined;
}

/**
 * Losses times their weights, as one number or, with `none`, as they are.
 *
 * `sum` adds up; `mean` and `sumOverBatchSize` divide that by the number of values, those masked out not counted;
 * `meanWithSampleWeight` divides by the sum of weights.
 * Source: Keras 3 `reduce_weighted_values`.
 *
 * @param values `[batch, ...]`
 * @throws {ShapeError} the weights do not fit.
 */
export function reduceLosses(
  owner: string,
  values: Tensor,
  reduction: ReductionName,
  { sampleWeight, mask }: Weighting,
): Tensor {
  const weights = [
    ...(sampleWeight ? [spreadWeights(owner, sampleWeight, values.shape)] : []),
    ...(mask ? [maskWeights(mask, reduction)] : []),
  ];
  const weighted = weights.reduce((product: Tensor, weight) => mul(product, weight), values);
  if (reduction === "none") return weighted;
  const total = sum(weighted);
  if (reduction === "sum") return total;
  if (reduction === "meanWithSampleWeight" && weights.length > 0) {
    const product = weights.reduce((one, other) => mul(one, other));
    return divNoNan(total, sum(product));
  }
  return div(total, Math.max(values.size, 1));
}

/** With a mean, the values that count make up for those that do not. */
function maskWeights(mask: Tensor, reduction: ReductionName): Tensor {
  const counted = cast(mask, "float32");
  if (reduction !== "mean" && reduction !== "sumOverBatchSize") return counted;
  return mul(counted, div(mask.size, add(sum(counted), 1e-7)));
}

/**
 * The weights, of the values' rank: each stands for all values below it.
 *
 * @throws {ShapeError} they are no part of that shape.
 */
export function spreadWeights(owner: string, weights: Tensor, values: FixedShape): Tensor {
  const shape =
    weights.rank === values.length + 1 && weights.shape.at(-1) === 1 ? weights.shape.slice(0, -1) : weights.shape;
  const fits = shape.length <= values.length && shape.every((length, axis) => length === values[axis] || length === 1);
  if (!fits || shape[0] !== values[0]) {
    throw new ShapeError(owner, "sampleWeight", `a part of ${formatShape(values)}`, formatShape(weights.shape));
  }
  return reshape(cast(weights, "float32"), [...shape, ...values.slice(shape.length).map(() => 1)]);
}
