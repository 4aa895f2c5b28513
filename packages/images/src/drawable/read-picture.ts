import { InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import type { Pixels } from "../pixels.ts";
import { type Picture, knowPicture } from "./known-picture.ts";
import { requirePixelLimit } from "./picture-limits.ts";
import { readLater, readNow } from "./read-known-picture.ts";

/** How to read a picture. */
export interface ReadPictureOptions {
  /** How many pixels it may have. Default: 100,000,000. */
  readonly picturePixels?: number | undefined;
  /**
   * Of a file or an `<img>`: `exif` turns it upright, `stored` leaves its pixels as they lie in the file, where a model was
   * trained on such; the file of an `<img>` is fetched again for it. Default: `exif`.
   */
  readonly orientation?: "exif" | "stored" | undefined;
}

const optionNames: OptionNames<ReadPictureOptions> = { picturePixels: true, orientation: true };

/**
 * The pixels of a picture at its own size, upright unless told otherwise and in sRGB, as classifiers read them.
 *
 * Pixels, canvases, bitmaps and frames are read at once: what happens to them afterwards changes nothing.
 *
 * @throws {InvalidConfigError} the picture is empty, too large, or not of a kind that can be read.
 * @throws {FormatError} it is damaged, or of a format that this browser does not read.
 * @throws {UnavailableError} the image cannot be loaded, or its pixels must not be read.
 */
export async function readPicture(picture: Picture, options: ReadPictureOptions = {}): Promise<Pixels> {
  const reader = pictureReader("readPicture", picture, options);
  return reader.now() ?? reader.later();
}

/** A picture whose kind is known, and whose pixels are not read yet. Both ways throw what `readPicture` does. */
export interface PictureReader {
  /** What can be read without waiting, such as a canvas, which may be drawn on later; undefined for the rest. */
  now(): Pixels | undefined;
  /** The rest: an `<img>` or a file. */
  later(): Promise<Pixels>;
}

/**
 * Looks at a picture before it is read: for whoever takes several, and decodes one after another.
 *
 * @param owner who was given the picture, for errors
 * @throws {InvalidConfigError} it is not of a kind that can be read, or an option is wrong.
 */
export function pictureReader(owner: string, picture: Picture, options: ReadPictureOptions = {}): PictureReader {
  checkOptions(owner, options, optionNames);
  const limit = requirePixelLimit(owner, "picturePixels", options.picturePixels);
  const { orientation = "exif" } = options;
  if (orientation !== "exif" && orientation !== "stored") {
    throw new InvalidConfigError(owner, "orientation", '"exif" or "stored"', orientation);
  }
  const known = knowPicture(owner, picture);
  const reading = { owner, limit, orientation };
  return { now: () => readNow(known, reading), later: () => readLater(known, reading) };
}
