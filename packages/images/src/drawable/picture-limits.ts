import { InvalidConfigError } from "@featuremap/tensor";

/** Pixels of a picture unless the caller says otherwise: 400 MB once they are decoded. */
const usualPixelLimit = 100_000_000;

/** Who reads a picture, for errors, how many pixels it may have, and whether files are turned upright. */
export interface ReadingPicture {
  readonly owner: string;
  readonly limit: number;
  readonly orientation: "exif" | "stored";
}

/**
 * Refuses a picture by its size, before any of it is decoded.
 *
 * @throws {InvalidConfigError} it has no pixels, or too many.
 */
export function checkSize({ owner, limit }: ReadingPicture, width: number, height: number): void {
  const found = `${width} x ${height} pixels`;
  if (!(width >= 1 && height >= 1)) {
    throw new InvalidConfigError(owner, "picture", "loaded and of 1 x 1 pixels or more", found);
  }
  if (width * height > limit) {
    throw new InvalidConfigError(owner, "picture", `of ${limit} pixels or fewer (picturePixels)`, found);
  }
}

/** @throws {InvalidConfigError} the limit is not a number of at least 1. */
export function requirePixelLimit(owner: string, option: string, limit: number = usualPixelLimit): number {
  if (typeof limit === "number" && limit >= 1) return limit;
  throw new InvalidConfigError(owner, option, "a number of at least 1", limit);
}
