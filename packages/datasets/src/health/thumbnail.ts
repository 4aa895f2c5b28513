import { type Pixels, resizePixels } from "@featuremap/images";

/** Grey levels of a reduced picture, row by row, of mean 0 and length 1; all 0 for a picture of one level. */
export type Thumbnail = Float32Array;

/** Pixels on a side of a thumbnail. */
export const thumbnailSide = 24;

/** A picture's shape in little: stretched to a square, without colour, brightness and contrast. */
export function thumbnailOf(pixels: Pixels): Thumbnail {
  return normalized(greyLevels(pixels, thumbnailSide));
}

/** ITU-R BT.601 luma of a picture reduced to a square, 0 to 255. */
export function greyLevels(pixels: Pixels, side: number): Float32Array {
  const { data } = resizePixels(pixels, [side, side], { antialias: true });
  const depth = data.length / (side * side);
  return Float32Array.from({ length: side * side }, (_, index) => {
    const at = index * depth;
    const red = data[at] ?? 0;
    return depth === 1 ? red : 0.299 * red + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
  });
}

/** In place. */
function normalized(levels: Float32Array): Thumbnail {
  let mean = 0;
  for (const level of levels) mean += level / levels.length;
  let square = 0;
  for (const [index, level] of levels.entries()) {
    levels[index] = level - mean;
    square += (level - mean) ** 2;
  }
  // Less than a level's worth of difference is noise of rounding.
  const length = square < levels.length * 0.25 ? Number.POSITIVE_INFINITY : Math.sqrt(square);
  return levels.map((level) => level / length);
}

/** How alike two thumbnails are: 1 for the same, 0 for no likeness, -1 for negatives. */
export function correlation(a: Thumbnail, b: Thumbnail): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

/** A part of a thumbnail: for each pixel of the part enlarged to a whole one, where it is read. */
export interface Part {
  readonly places: Int32Array;
  readonly right: Float32Array;
  readonly down: Float32Array;
}

/** @param scale of each side @param left and `top`, shares of what is left over that lie on that side */
export function partOf(scale: number, left: number, top: number): Part {
  const side = thumbnailSide;
  const free = side * (1 - scale);
  const along = (index: number, offset: number): number =>
    Math.min(Math.max((index + 0.5) * scale + offset * free - 0.5, 0), side - 1 - 1e-6);
  const places = new Int32Array(side * side);
  const right = new Float32Array(side * side);
  const down = new Float32Array(side * side);
  for (let index = 0; index < side * side; index++) {
    const x = along(index % side, left);
    const y = along(Math.floor(index / side), top);
    places[index] = Math.floor(y) * side + Math.floor(x);
    right[index] = x - Math.floor(x);
    down[index] = y - Math.floor(y);
  }
  return { places, right, down };
}

/**
 * How alike a thumbnail and a part of another one are; 1 for the same.
 *
 * @param step looks at every so many pixels
 */
export function partCorrelation(thumbnail: Thumbnail, whole: Thumbnail, part: Part, step: number): number {
  const side = thumbnailSide;
  let [count, sumA, sumB, squareA, squareB, product] = [0, 0, 0, 0, 0, 0];
  for (let index = 0; index < thumbnail.length; index += step) {
    const at = part.places[index] ?? 0;
    const right = part.right[index] ?? 0;
    const down = part.down[index] ?? 0;
    const upper = (whole[at] ?? 0) * (1 - right) + (whole[at + 1] ?? 0) * right;
    const lower = (whole[at + side] ?? 0) * (1 - right) + (whole[at + side + 1] ?? 0) * right;
    const b = upper * (1 - down) + lower * down;
    const a = thumbnail[index] ?? 0;
    count += 1;
    sumA += a;
    sumB += b;
    squareA += a * a;
    squareB += b * b;
    product += a * b;
  }
  const spread = (squareA - (sumA * sumA) / count) * (squareB - (sumB * sumB) / count);
  return spread <= 0 ? 0 : (product - (sumA * sumB) / count) / Math.sqrt(spread);
}
