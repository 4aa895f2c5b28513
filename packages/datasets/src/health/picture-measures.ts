import type { Pixels } from "@featuremap/images";
import { greyLevels } from "./thumbnail.ts";

/** What a picture's own pixels say about it. */
export interface PictureMeasures {
  readonly width: number;
  readonly height: number;
  /** Brightness that 1 % of the pixels exceed, in [0, 1]: low for a dark picture. */
  readonly brightest: number;
  /** Brightness that 95 % of the pixels exceed, in [0, 1]: high for a bright picture. */
  readonly darkest: number;
  /** Bits of the grey levels' entropy, 0 to 8: low where there is little to see. */
  readonly information: number;
  /** Contrast between neighbours as a share of the picture's contrast: low for a blurred picture; 1 for one of one level. */
  readonly sharpness: number;
  /** Whether red, green and blue are the same everywhere. */
  readonly grey: boolean;
}

/** Pixels of a side at which sharpness is judged. */
const judgedSide = 128;

/** Measures a picture. Brightness is `sqrt(0.241 red^2 + 0.691 green^2 + 0.068 blue^2)` as in Python's cleanvision. */
export function measurePicture(pixels: Pixels): PictureMeasures {
  const { data, width, height } = pixels;
  const depth = data.length / (width * height);
  const brightness = new Uint32Array(256);
  const levels = new Uint32Array(256);
  let grey = true;
  for (let at = 0; at < data.length; at += depth) {
    const red = data[at] ?? 0;
    const green = depth === 1 ? red : (data[at + 1] ?? 0);
    const blue = depth === 1 ? red : (data[at + 2] ?? 0);
    grey &&= red === green && green === blue;
    const bright = Math.floor(Math.sqrt(0.241 * red * red + 0.691 * green * green + 0.068 * blue * blue));
    brightness[bright] = (brightness[bright] ?? 0) + 1;
    const level = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
    levels[level] = (levels[level] ?? 0) + 1;
  }
  const count = width * height;
  return {
    width,
    height,
    brightest: quantile(brightness, count, 0.99) / 255,
    darkest: quantile(brightness, count, 0.05) / 255,
    information: entropy(levels, count),
    sharpness: sharpnessOf(pixels),
    grey,
  };
}

function quantile(counts: Uint32Array, total: number, share: number): number {
  let seen = 0;
  return counts.findIndex((count) => (seen += count) >= share * total);
}

function entropy(counts: Uint32Array, total: number): number {
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / total) * Math.log2(count / total);
  return bits;
}

/** Spread of the differences between neighbours, as a share of the spread of the levels. */
function sharpnessOf(pixels: Pixels): number {
  const side = Math.min(judgedSide, Math.max(pixels.width, pixels.height));
  const grey = greyLevels(pixels, side);
  const mean = grey.reduce((sum, level) => sum + level, 0) / grey.length;
  const spread = grey.reduce((sum, level) => sum + (level - mean) ** 2, 0) / grey.length;
  if (spread < 1) return 1;
  let square = 0;
  for (let row = 1; row < side - 1; row++) {
    for (let at = row * side + 1; at < (row + 1) * side - 1; at++) {
      const around = (grey[at - 1] ?? 0) + (grey[at + 1] ?? 0) + (grey[at - side] ?? 0) + (grey[at + side] ?? 0);
      square += (around - 4 * (grey[at] ?? 0)) ** 2;
    }
  }
  return Math.sqrt(square / (Math.max(1, side - 2) ** 2 * spread));
}
