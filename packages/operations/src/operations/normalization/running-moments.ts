import { type FixedShape, sizeOf, stridesOf } from "@featuremap/tensor";

/**
 * Mean and variance of arrays that come one after another, in float64.
 *
 * Each array's own moments are taken in two passes, and joined with those before without loss of precision.
 * Source: Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1979.
 */
export class RunningMoments {
  /** Shape of the moments: the lengths of the kept axes. */
  readonly shape: FixedShape;
  readonly #axes: readonly number[];
  readonly #mean: Float64Array;
  readonly #squares: Float64Array;
  #count = 0;

  /** @param axes the axes that are kept, ascending; moments are taken over all others */
  constructor(shape: FixedShape, axes: readonly number[]) {
    this.shape = shape;
    this.#axes = axes;
    this.#mean = new Float64Array(sizeOf(shape));
    this.#squares = new Float64Array(sizeOf(shape));
  }

  /** Takes in an array whose kept axes have the lengths of {@link shape}. */
  add(values: ArrayLike<number>, shape: FixedShape): void {
    const count = values.length / Math.max(1, this.#mean.length);
    if (count === 0) return;
    const groupOf = this.#grouping(shape);
    const means = new Float64Array(this.#mean.length);
    const squares = new Float64Array(this.#mean.length);
    const each = (visit: (value: number, group: number) => void): void => {
      for (let index = 0; index < values.length; index++) visit(values[index] ?? 0, groupOf(index));
    };
    each((value, group) => (means[group] = (means[group] ?? 0) + value / count));
    each((value, group) => (squares[group] = (squares[group] ?? 0) + (value - (means[group] ?? 0)) ** 2));
    const total = this.#count + count;
    means.forEach((mean, group) => {
      const difference = mean - (this.#mean[group] ?? 0);
      const between = (difference ** 2 * this.#count * count) / total;
      this.#mean[group] = (this.#mean[group] ?? 0) + (difference * count) / total;
      this.#squares[group] = (this.#squares[group] ?? 0) + (squares[group] ?? 0) + between;
    });
    this.#count = total;
  }

  /** Which moments the element at an index belongs to. */
  #grouping(shape: FixedShape): (index: number) => number {
    const strides = stridesOf(shape);
    const own = stridesOf(this.shape);
    const axes = this.#axes.map((axis, place) => ({
      stride: strides[axis] ?? 1,
      length: shape[axis] ?? 1,
      own: own[place] ?? 1,
    }));
    return (index) =>
      axes.reduce((group, axis) => group + (Math.floor(index / axis.stride) % axis.length) * axis.own, 0);
  }

  /** How many elements each of the moments is taken over. */
  get count(): number {
    return this.#count;
  }

  get mean(): Float32Array {
    return Float32Array.from(this.#mean);
  }

  /** The mean square of the distances from the mean. */
  get variance(): Float32Array {
    return Float32Array.from(this.#squares, (sum) => sum / this.#count);
  }
}
