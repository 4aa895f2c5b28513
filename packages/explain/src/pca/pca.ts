import {
  HostArray,
  InvalidConfigError,
  type NestedNumbers,
  NonFiniteError,
  ShapeError,
  formatShape,
} from "@featuremap/tensor";
import { requireCount } from "../input/check-values.ts";
import { CentredRows, dot } from "./centred-rows.ts";
import { principalDirections } from "./principal-directions.ts";

/** Rows seen along the directions in which they spread most. */
export interface PrincipalComponents {
  /** Each row along each component, `[rows, components]`: `(row - mean) . component`. */
  readonly projections: HostArray<Float32Array>;
  /** The directions, of length 1, the one of most variance first, `[components, features]`; the largest element of each is positive. */
  readonly components: HostArray<Float32Array>;
  /** `[features]`. */
  readonly mean: HostArray<Float32Array>;
  /** Variance along each component, with rows - 1 degrees of freedom. */
  readonly explainedVariance: Float64Array;
  /** The same as a share of the rows' whole variance; 0 where all rows are equal. */
  readonly explainedVarianceRatio: Float64Array;
}

/**
 * Principal component analysis: the few directions that keep most of what tells rows apart, as for a map of embeddings.
 *
 * The same rows give the same numbers, signs included. Source: Pearson, 1901; numbers and signs are those of scikit-learn's `PCA`.
 *
 * @param rows `[rows, features]`, as `embeddings` gives them, or numbers in nested lists
 * @param components how many (default: 2)
 * @throws {ShapeError} there are fewer than two rows, or they have another rank.
 * @throws {InvalidConfigError} there are more components than rows or features.
 * @throws {NonFiniteError} a number is NaN or infinite.
 */
export function pca(rows: HostArray | NestedNumbers, components = 2): PrincipalComponents {
  const owner = "pca";
  const array = Array.isArray(rows) ? HostArray.from(rows as NestedNumbers) : rows;
  if (!(array instanceof HostArray)) {
    throw new InvalidConfigError(owner, "rows", "a HostArray or numbers in nested lists", rows);
  }
  const [count = 0, length = 0] = array.shape;
  if (array.rank !== 2 || count < 2 || length < 1) {
    throw new ShapeError(owner, "rows", "of shape (rows, features) with two rows or more", formatShape(array.shape));
  }
  const most = Math.min(count, length);
  if (requireCount(owner, "components", components) > most) {
    throw new InvalidConfigError(
      owner,
      "components",
      `at most ${most} for rows of ${formatShape(array.shape)}`,
      components,
    );
  }
  const wrong = array.data.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    const place = `row ${Math.floor(wrong / length)}, feature ${wrong % length}`;
    throw new NonFiniteError(`${owner}: rows must be finite, received ${String(array.data[wrong])} in ${place}.`);
  }
  return analyse(new CentredRows(array.data, count, length), components);
}

function analyse(rows: CentredRows, components: number): PrincipalComponents {
  const directions = principalDirections(rows, components).map(withPositivePeak);
  const projections = directions.map((direction) => rows.times(direction));
  const variances = Float64Array.from(projections, (values) => dot(values, values) / (rows.count - 1));
  const whole = rows.sumOfSquares / (rows.count - 1);
  const flat = (length: number, at: (place: number) => number): Float32Array =>
    Float32Array.from({ length }, (_, place) => at(place));
  return {
    projections: new HostArray(
      flat(rows.count * components, (place) => projections[place % components]?.[Math.floor(place / components)] ?? 0),
      [rows.count, components],
    ),
    components: new HostArray(
      flat(
        components * rows.length,
        (place) => directions[Math.floor(place / rows.length)]?.[place % rows.length] ?? 0,
      ),
      [components, rows.length],
    ),
    mean: new HostArray(Float32Array.from(rows.mean), [rows.length]),
    explainedVariance: variances,
    explainedVarianceRatio: variances.map((variance) => (whole === 0 ? 0 : variance / whole)),
  };
}

/** Of a direction and its opposite, which are equally good, the one whose largest element is positive. */
function withPositivePeak(direction: Float64Array): Float64Array {
  const peak = direction.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return peak < 0 ? direction.map((value) => -value) : direction;
}
