import type { TypedArray } from "@featuremap/tensor";

/**
 * Rows less their mean, without a copy of them: products subtract what the mean adds.
 *
 * Vectors are float64, so that the difference of large numbers keeps what float32 data hold.
 */
export class CentredRows {
  readonly count: number;
  readonly length: number;
  readonly mean: Float64Array;
  /** Sum of the squares of all elements. */
  readonly sumOfSquares: number;
  readonly #data: TypedArray;

  /** @param data row-major */
  constructor(data: TypedArray, count: number, length: number) {
    this.#data = data;
    this.count = count;
    this.length = length;
    this.mean = new Float64Array(length);
    for (let place = 0; place < count * length; place++) {
      this.mean[place % length] = (this.mean[place % length] ?? 0) + (data[place] ?? 0) / count;
    }
    let squares = 0;
    for (let place = 0; place < count * length; place++) {
      squares += ((data[place] ?? 0) - (this.mean[place % length] ?? 0)) ** 2;
    }
    this.sumOfSquares = squares;
  }

  /** One row less the mean. */
  row(index: number): Float64Array {
    return Float64Array.from(this.mean, (mean, column) => (this.#data[index * this.length + column] ?? 0) - mean);
  }

  /** Each row's product with a vector: `X v`. */
  times(vector: Float64Array): Float64Array {
    const offset = dot(this.mean, vector);
    return Float64Array.from({ length: this.count }, (_, index) => this.#product(index, vector) - offset);
  }

  /** What the rows make of vectors, all in one walk over them: `X^T X v`. */
  spread(vectors: readonly Float64Array[]): readonly Float64Array[] {
    const offsets = vectors.map((vector) => dot(this.mean, vector));
    const totals = vectors.map(() => 0);
    const images = vectors.map(() => new Float64Array(this.length));
    for (let index = 0; index < this.count; index++) {
      for (const [which, vector] of vectors.entries()) {
        const weight = this.#product(index, vector) - (offsets[which] ?? 0);
        totals[which] = (totals[which] ?? 0) + weight;
        this.#add(index, weight, images[which] ?? vector);
      }
    }
    for (const [which, image] of images.entries()) {
      for (let column = 0; column < image.length; column++) {
        image[column] = (image[column] ?? 0) - (totals[which] ?? 0) * (this.mean[column] ?? 0);
      }
    }
    return images;
  }

  /** One row's product with a vector, the mean not taken away. */
  #product(index: number, vector: Float64Array): number {
    const start = index * this.length;
    let [even, odd] = [0, 0];
    let column = 0;
    // Two sums: an addition need not wait for the one before.
    for (; column + 1 < this.length; column += 2) {
      even += (this.#data[start + column] ?? 0) * (vector[column] ?? 0);
      odd += (this.#data[start + column + 1] ?? 0) * (vector[column + 1] ?? 0);
    }
    if (column < this.length) even += (this.#data[start + column] ?? 0) * (vector[column] ?? 0);
    return even + odd;
  }

  /** Adds one row by its weight. */
  #add(index: number, weight: number, sums: Float64Array): void {
    const start = index * this.length;
    for (let column = 0; column < this.length; column++) {
      sums[column] = (sums[column] ?? 0) + weight * (this.#data[start + column] ?? 0);
    }
  }
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

/** Vectors times weights, added up. */
export function combine(vectors: readonly Float64Array[], weights: Float64Array): Float64Array {
  const sums = new Float64Array(vectors[0]?.length ?? 0);
  for (const [index, vector] of vectors.entries()) {
    const weight = weights[index] ?? 0;
    for (let place = 0; place < sums.length; place++) sums[place] = (sums[place] ?? 0) + weight * (vector[place] ?? 0);
  }
  return sums;
}

/** What is left of a vector at right angles to others, at length 1; undefined where nothing is left but rounding. */
export function orthonormal(vector: Float64Array, others: readonly Float64Array[]): Float64Array | undefined {
  const left = Float64Array.from(vector);
  const before = Math.sqrt(dot(left, left));
  // Twice: the first time leaves rounding errors of the size of what it takes away.
  for (const other of [...others, ...others]) {
    const share = dot(left, other);
    for (let index = 0; index < left.length; index++) left[index] = (left[index] ?? 0) - share * (other[index] ?? 0);
  }
  const length = Math.sqrt(dot(left, left));
  return length > 1e-10 * before && length > 0 ? left.map((value) => value / length) : undefined;
}
