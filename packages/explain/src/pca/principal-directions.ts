import { RandomStream } from "@featuremap/tensor";
import { type CentredRows, combine, dot, orthonormal } from "./centred-rows.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

/** Rows or columns up to which all directions are computed at once; beyond, only those that are asked for. */
const mostExact = 128;
/** Vectors of one search. */
const mostVectors = 96;
/** Directions that are searched for beside those that are asked for, so that the last of them is found as soon as the first. */
const besides = 4;
/** What may be missing of a direction, as a share of the largest one's. */
const precision = 1e-9;
/** Searches; a few are enough unless many directions spread equally far, between which any is as good. */
const mostSearches = 100;

/** The directions along which rows spread most, at right angles to each other and of length 1. */
export function principalDirections(rows: CentredRows, count: number): readonly Float64Array[] {
  const found = Math.min(rows.count, rows.length) > mostExact ? search(rows, count) : exact(rows, count);
  const directions: Float64Array[] = [];
  for (const candidate of [...found, ...axes(rows.length)]) {
    // Where rows do not spread any more, any direction will do: the first axes that are left.
    const direction = directions.length < count ? orthonormal(candidate, directions) : undefined;
    if (direction !== undefined) directions.push(direction);
    if (directions.length === count) break;
  }
  return directions;
}

function* axes(length: number): Iterable<Float64Array> {
  for (let axis = 0; axis < length; axis++) yield Float64Array.from({ length }, (_, index) => Number(index === axis));
}

/** From the products of all pairs of columns, or of rows where those are fewer. */
function exact(rows: CentredRows, count: number): readonly Float64Array[] {
  const byColumn = rows.length <= rows.count;
  const size = byColumn ? rows.length : rows.count;
  const centred = Array.from({ length: rows.count }, (_, index) => rows.row(index));
  const products = new Float64Array(size * size);
  if (byColumn) {
    for (const row of centred) {
      for (let a = 0; a < size; a++) {
        for (let b = 0; b < size; b++)
          products[a * size + b] = (products[a * size + b] ?? 0) + (row[a] ?? 0) * (row[b] ?? 0);
      }
    }
  } else {
    for (const [a, left] of centred.entries()) {
      for (const [b, right] of centred.entries()) products[a * size + b] = dot(left, right);
    }
  }
  const { values, vectors } = symmetricEigen(products, size);
  const [largest = 0] = values;
  const spreading = vectors
    .slice(0, count)
    .filter((_, index) => (values[index] ?? 0) > Number.EPSILON * size * largest);
  return byColumn ? spreading : spreading.map((weights) => combine(centred, weights));
}

/**
 * By a search in the space of a few random vectors and what the covariance makes of them, again and again.
 *
 * Source: Musco and Musco, "Randomized block Krylov methods", NeurIPS 2015, begun anew from what was found until nothing is missing.
 */
function search(rows: CentredRows, count: number): readonly Float64Array[] {
  const width = count + besides;
  const random = new RandomStream(0);
  const draw = (): Float64Array => Float64Array.from({ length: rows.length }, () => random.normal());
  let block: readonly Float64Array[] = Array.from({ length: width }, draw);
  for (let round = 0; round < mostSearches; round++) {
    const { basis, images } = span(rows, block);
    const size = basis.length;
    const products = Float64Array.from({ length: size * size }, (_, place) => {
      const [a = block[0], b = block[0]] = [basis[Math.floor(place / size)], images[place % size]];
      return a === undefined || b === undefined ? 0 : dot(a, b);
    });
    const { values, vectors } = symmetricEigen(products, size);
    block = vectors.slice(0, width).map((weights) => combine(basis, weights));
    const missing = vectors.slice(0, count).map((weights, index) => {
      const [image, direction] = [combine(images, weights), block[index] ?? new Float64Array(0)];
      const left = image.map((value, place) => value - (values[index] ?? 0) * (direction[place] ?? 0));
      return Math.sqrt(dot(left, left));
    });
    if (Math.max(...missing) <= precision * (values[0] ?? 0)) break;
  }
  return block.slice(0, count);
}

/** Vectors at right angles to each other that span a block and what the covariance makes of it, and their images under it. */
function span(rows: CentredRows, start: readonly Float64Array[]) {
  const basis: Float64Array[] = [];
  const images: Float64Array[] = [];
  let block = start;
  while (block.length > 0 && basis.length + block.length <= Math.max(mostVectors, 3 * start.length)) {
    const next: Float64Array[] = [];
    for (const candidate of block) {
      const vector = orthonormal(candidate, basis);
      if (vector === undefined) continue;
      const image = rows.sumBy(rows.times(vector));
      basis.push(vector);
      images.push(image);
      next.push(image);
    }
    block = next;
  }
  return { basis, images };
}
