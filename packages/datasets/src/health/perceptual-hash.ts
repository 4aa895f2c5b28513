import type { Pixels } from "@featuremap/images";
import { greyLevels } from "./thumbnail.ts";

/** 64 bits that tell a picture's coarse shape, as two words. */
export interface PerceptualHash {
  readonly high: number;
  readonly low: number;
}

const side = 32;
const kept = 8;

/** `cos(pi * frequency * (2 * place + 1) / 64)`. */
const cosines = Float64Array.from({ length: kept * side }, (_, index) =>
  Math.cos((Math.PI * Math.floor(index / side) * (2 * (index % side) + 1)) / (2 * side)),
);

/**
 * The signs of a picture's 64 lowest frequencies against their median.
 *
 * Source: Zauner, "Implementation and benchmarking of perceptual image hash functions", 2010; `phash` of Python's imagehash.
 */
export function perceptualHash(pixels: Pixels): PerceptualHash {
  const levels = greyLevels(pixels, side);
  const rows = new Float64Array(side * kept);
  for (let row = 0; row < side; row++) {
    for (let frequency = 0; frequency < kept; frequency++) {
      let sum = 0;
      for (let place = 0; place < side; place++) {
        sum += (levels[row * side + place] ?? 0) * (cosines[frequency * side + place] ?? 0);
      }
      rows[row * kept + frequency] = sum;
    }
  }
  const frequencies = new Float64Array(kept * kept);
  for (let vertical = 0; vertical < kept; vertical++) {
    for (let horizontal = 0; horizontal < kept; horizontal++) {
      let sum = 0;
      for (let row = 0; row < side; row++) {
        sum += (rows[row * kept + horizontal] ?? 0) * (cosines[vertical * side + row] ?? 0);
      }
      frequencies[vertical * kept + horizontal] = sum;
    }
  }
  const sorted = frequencies.toSorted();
  const median = ((sorted[31] ?? 0) + (sorted[32] ?? 0)) / 2;
  const word = (from: number): number =>
    frequencies.subarray(from, from + 32).reduce((bits, value) => ((bits << 1) | (value > median ? 1 : 0)) >>> 0, 0);
  return { high: word(0), low: word(32) };
}

/** Source: Warren, "Hacker's Delight", figure 5-2. */
export function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
