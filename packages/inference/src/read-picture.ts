import type { Pixels } from "@featuremap/images";
import { type OptionNames, checkOptions } from "@featuremap/tensor";
import { requirePixelLimit } from "./picture/picture-limits.ts";
import { type Picture, knowPicture } from "./picture/picture.ts";
import { readLater, readNow } from "./picture/read-picture.ts";

export type { Picture } from "./picture/picture.ts";

/** How to read a picture. */
export interface ReadPictureOptions {
  /** How many pixels it may have; 100,000,000 unless said otherwise. */
  readonly picturePixels?: number | undefined;
}

const optionNames: OptionNames<ReadPictureOptions> = { picturePixels: true };

/**
 * The pixels of a picture at its own size, upright and in sRGB, as classifiers read them.
 *
 * Pixels, canvases, bitmaps and frames are read at once: what happens to them afterwards changes nothing.
 *
 * @throws {InvalidConfigError} the picture is empty, too large, or not of a kind that can be classified.
 * @throws {FormatError} it is damaged, or of a format that this browser does not read.
 * @throws {UnavailableError} the image cannot be loaded, or its pixels must not be read.
 */
export async function readPicture(picture: Picture, options: ReadPictureOptions = {}): Promise<Pixels> {
  checkOptions("readPicture", options, optionNames);
  const limit = requirePixelLimit("readPicture", "picturePixels", options.picturePixels);
  const known = knowPicture(picture);
  return readNow(known, limit) ?? readLater(known, limit);
}
