import type { Groups } from "./groups.ts";
import type { PerceptualHash } from "./perceptual-hash.ts";
import { bitCount } from "./perceptual-hash.ts";
import { type Thumbnail, correlation, partCorrelation, partOf } from "./thumbnail.ts";

/** What pictures are compared by. */
export interface PictureSignature {
  readonly hash: PerceptualHash;
  readonly thumbnail: Thumbnail;
}

/** Bits in which hashes of the same picture, resized, recompressed or cut at its edges, may differ. */
const mostBits = 20;

/** Correlation of thumbnails from which on two are of one picture. */
const leastCorrelation = 0.96;

/** Correlation of some of their pixels below which all are not compared. */
const worthAllPixels = 0.9;

/** Parts that a picture cut at its edges may be: a twentieth or so off its sides. */
const parts = [0.975, 0.95, 0.925].flatMap((scale) =>
  [0, 0.5, 1].flatMap((left) => [0, 0.5, 1].map((top) => partOf(scale, left, top))),
);

/**
 * Joins pictures that show the same, apart from size, compression and up to a twentieth cut off a side.
 *
 * Hashes choose the pairs that are looked at, thumbnails decide; those that are joined already are not looked at again. Takes time with the
 * square of the number of pictures, 2 ns a pair.
 */
export function joinSimilar(pictures: readonly PictureSignature[], groups: Groups): void {
  const high = Uint32Array.from(pictures, ({ hash }) => hash.high);
  const low = Uint32Array.from(pictures, ({ hash }) => hash.low);
  for (let first = 0; first < pictures.length; first++) {
    const [highBits, lowBits] = [high[first] ?? 0, low[first] ?? 0];
    for (let second = first + 1; second < pictures.length; second++) {
      const distance = bitCount(highBits ^ (high[second] ?? 0)) + bitCount(lowBits ^ (low[second] ?? 0));
      if (distance > mostBits || groups.areJoined(first, second)) continue;
      const [a, b] = [pictures[first]?.thumbnail, pictures[second]?.thumbnail];
      if (a !== undefined && b !== undefined && showTheSame(a, b)) groups.join(first, second);
    }
  }
}

/** Whether either is the other, or a part of it. */
export function showTheSame(a: Thumbnail, b: Thumbnail): boolean {
  const asTheyAre = correlation(a, b);
  if (asTheyAre >= leastCorrelation) return true;
  // A cut of a twentieth leaves most of the likeness.
  if (asTheyAre < 0.7) return false;
  return isPartOf(a, b) || isPartOf(b, a);
}

function isPartOf(thumbnail: Thumbnail, whole: Thumbnail): boolean {
  return parts.some(
    (part) =>
      partCorrelation(thumbnail, whole, part, 5) >= worthAllPixels &&
      partCorrelation(thumbnail, whole, part, 1) >= leastCorrelation,
  );
}
