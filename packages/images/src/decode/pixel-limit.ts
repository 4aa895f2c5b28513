import { FormatError } from "@featuremap/tensor";
import type { CheckPixels } from "./platform-request.ts";

/** 400 MB of RGBA: more than cameras of today take, less than what stops a machine. */
const usualMaxPixels = 100_000_000;

/** Decoders take time for each row, however short: for 16 million of one pixel, up to 24 seconds. */
const longestSide = 1_000_000;

/** How many pixels a picture may have. */
export interface PixelLimit {
  /** Most pixels; a picture with more, or with a side of more than 1,000,000, is refused before it is decoded. Default: 100 million. */
  readonly maxPixels?: number | undefined;
  /** What the caller's users call that limit, for the error. Default: `maxPixels`. */
  readonly limitName?: string | undefined;
}

/** @param name of the file, for the error. */
export function pixelCheck(
  name: string,
  { maxPixels = usualMaxPixels, limitName = "maxPixels" }: PixelLimit,
): CheckPixels {
  return ({ width, height }) => {
    if (Math.max(width, height) > longestSide) {
      throw new FormatError(name, "the file", `sides of at most ${longestSide} pixels`, `${width} x ${height}`);
    }
    if (width * height <= maxPixels) return;
    const limit = `an image of at most ${maxPixels} pixels (${limitName} raises it)`;
    throw new FormatError(name, "the file", limit, `${width} x ${height} = ${width * height}`);
  };
}
