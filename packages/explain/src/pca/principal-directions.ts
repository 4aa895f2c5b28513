import { RandomStream } from "@featuremap/tensor";
import { type CentredRows, combine, dot, orthonormal } from "./centred-rows.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

/** Rows or columns up to which all directions are computed at once; beyond, only those that are asked for. */
const mostExact = 64;
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
        for (let b = 0; b <= a; b++) {
          products[a * size + b] = (products[a * size + b] ?? 0) + (row[a] ?? 0) * (row[b] ?? 0);
        }
      }
    }
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < a; b++) products[b * size + a] = products[a * size + b] ?? 0;
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
  let found: readonly Float64Array[] = Array.from({ length: width }, () =>
    Float64Array.from({ length: rows.length }, () => random.normal()),
  );
  for (let round = 0; round < mostSearches; round++) {
    const basis: Float64Array[] = [];
    const images: Float64Array[] = [];
    let block = found;
    for (let looked = 0; block.length > 0 && basis.length + block.length <= Math.max(mostVectors, 3 * width);) {
      const start = basis.length;
      for (const candidate of block) {
        const vector = orthonormal(candidate, basis);
        if (vector !== undefined) basis.push(vector);
      }
      block = rows.spread(basis.slice(start));
      images.push(...block);
      // Looking costs as much as some products; each time half as many vectors more are there.
      if (basis.length < 1.5 * looked || basis.length < 3 * width) continue;
      looked = basis.length;
      const best = bestIn(basis, images, width);
      found = best.directions;
      if (missingOf(best, count) <= precision * (best.values[0] ?? 0)) return found;
    }
    found = bestIn(basis, images, width).directions;
  }
  return found;
}

/** The directions of most spread among all that a basis spans. */
interface Best {
  readonly values: readonly number[];
  readonly directions: readonly Float64Array[];
  readonly images: readonly Float64Array[];
}

function bestIn(basis: readonly Float64Array[], images: readonly Float64Array[], count: number): Best {
  const size = basis.length;
  const products = new Float64Array(size * size);
  for (const [a, vector] of basis.entries()) {
    for (const [b, image] of images.entries()) products[a * size + b] = dot(vector, image);
  }
  const { values, vectors } = symmetricEigen(products, size);
  const best = vectors.slice(0, count);
  return {
    values,
    directions: best.map((weights) => combine(basis, weights)),
    images: best.map((weights) => combine(images, weights)),
  };
}

/** How far the images of the first directions are from the directions themselves. */
function missingOf({ values, directions, images }: Best, count: number): number {
  const lengths = images.slice(0, count).map((image, index) => {
    const left = image.map((value, place) => value - (values[index] ?? 0) * (directions[index]?.[place] ?? 0));
    return Math.sqrt(dot(left, left));
  });
  return Math.max(...lengths);
}
