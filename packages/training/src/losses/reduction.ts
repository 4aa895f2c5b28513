import { type FixedShape, InvalidConfigError, Option, ShapeError, formatShape } from "@featuremap/tensor";
import {
  type Tensor,
  add,
  cast,
  div,
  equal,
  expandDims,
  mul,
  onesLike,
  reshape,
  sum,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { type EitherCase, snakeCase } from "../config/resolve-name.ts";

/** How the losses of a batch become one number. */
export type Reduction = EitherCase<"sumOverBatchSize" | "sum" | "mean" | "meanWithSampleWeight" | "none">;

const reductions = ["sumOverBatchSize", "sum", "mean", "meanWithSampleWeight", "none"] as const;
export type ReductionName = (typeof reductions)[number];

/** The reduction in camelCase; Keras's `None` is `none`. */
export const reductionOption: Option<Reduction | null | undefined, ReductionName> = new Option<
  Reduction | null | undefined,
  ReductionName
>(
  {
    check: (owner, name, given: unknown) => {
      if (given === null) return "none";
      const plain = (each: unknown): string => String(each).replaceAll("_", "").toLowerCase();
      const found = reductions.find((each) => typeof given === "string" && plain(each) === plain(given));
      if (found) return found;
      throw new InvalidConfigError(owner, name, `one of ${reductions.join(", ")}`, given);
    },
    read: (saved, key) => saved.take(key),
    write: snakeCase,
    refusesNull: true,
  },
  { usual: "sumOverBatchSize" },
);

/** What counts how much. */
export interface Weighting {
  /** float32 `[batch]`, or a longer part of the values' shape; or a number for all. */
  readonly sampleWeight?: Tensor | undefined;
  /** bool of the values' shape: false for values that do not count. */
  readonly mask?: Tensor | undefined;
}

/**
 * Losses times their weights, as one number or, with `none`, as they are.
 *
 * `sum` adds up; `mean` and `sumOverBatchSize` divide the sum by the number of values that are not masked out;
 * `meanWithSampleWeight` divides it by the sum of weights, and is 0 if that is 0. A single value is not divided.
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
  const isColumn = sampleWeight?.rank === 2 && sampleWeight.shape[1] === 1;
  const beside = (x: Tensor): Tensor => (isColumn && x.rank === 1 ? expandDims(x, -1) : x);
  const losses = beside(values);
  const weights = [
    ...(sampleWeight ? [losses.rank === 0 ? sampleWeight : spreadWeights(owner, sampleWeight, losses.shape)] : []),
    ...(mask ? [maskWeights(beside(mask), reduction)] : []),
  ];
  const weighted = weights.reduce((product: Tensor, weight) => mul(product, weight), losses);
  if (reduction === "none" || weighted.rank === 0) return weighted;
  const total = sum(weighted);
  if (reduction === "sum") return total;
  if (reduction === "meanWithSampleWeight" && weights.length > 0) {
    return quotientOrZero(total, sum(weights.reduce((one, other) => mul(one, other))));
  }
  return div(total, Math.max(weighted.size, 1));
}

/** The quotient, or 0 if the divisor is 0; then its gradient is 0 too, whereas that of `divNoNan` is NaN. */
function quotientOrZero(part: Tensor, whole: Tensor): Tensor {
  const isNothing = equal(whole, 0);
  return where(isNothing, zerosLike(part), div(part, where(isNothing, onesLike(whole), whole)));
}

/** For a mean, the values that count are scaled up to replace those that do not. */
function maskWeights(mask: Tensor, reduction: ReductionName): Tensor {
  const counted = cast(mask, "float32");
  if (reduction !== "mean" && reduction !== "sumOverBatchSize") return counted;
  return mul(counted, div(mask.size, add(sum(counted), 1e-7)));
}

/**
 * The weights, of the values' rank: each stands for all values below it; a single number for all.
 *
 * @throws {ShapeError} they are not part of that shape.
 */
export function spreadWeights(owner: string, weights: Tensor, values: FixedShape): Tensor {
  if (weights.rank === 0) return cast(weights, "float32");
  const shape =
    weights.rank === values.length + 1 && weights.shape.at(-1) === 1 ? weights.shape.slice(0, -1) : weights.shape;
  const fits = shape.length <= values.length && shape.every((length, axis) => length === values[axis] || length === 1);
  if (!fits || shape[0] !== values[0]) {
    throw new ShapeError(owner, "sampleWeight", `a part of ${formatShape(values)}`, formatShape(weights.shape));
  }
  return reshape(cast(weights, "float32"), [...shape, ...values.slice(shape.length).map(() => 1)]);
}
