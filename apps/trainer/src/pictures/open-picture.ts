import { readFileWhole } from "@featuremap/files";
import { type ColorMode, type Pixels, type Preprocessing, decodeImage, measureImage } from "@featuremap/images";

/** A picture whose header is read, and whose pixels are not yet. */
export interface OpenPicture {
  /** What its file and its decoded pixels take together. */
  readonly bytes: number;
  /**
   * The picture as a person sees it: upright, unless the model takes files as they are stored; of an animation the first
   * frame.
   *
   * @throws {FormatError} it is damaged.
   */
  decode(colorMode: ColorMode, orientation?: Preprocessing["orientation"]): Promise<Pixels>;
}

/** Which pictures are taken. */
export interface OpenPictureOptions {
  /** Most pixels. Default: 100 million. */
  readonly maxPixels?: number | undefined;
}

/** Bytes: more than a plain picture of that many pixels takes. */
const longestFile = 2 ** 29;

/**
 * Opens an image file and reads its header.
 *
 * @throws {UnavailableError} there is no such file, or it cannot be read.
 * @throws {FormatError} it is not an image, a damaged one, or has more than `maxPixels` pixels.
 */
export async function openPicture(path: string, { maxPixels }: OpenPictureOptions = {}): Promise<OpenPicture> {
  const bytes = await readFileWhole(path, { limit: longestFile });
  const limit = { name: path, maxPixels, limitName: "--max-pixels" };
  const { width, height } = await measureImage(bytes, limit);
  return {
    bytes: bytes.length + width * height * 4,
    decode: (colorMode, orientation) => decodeImage(bytes, { ...limit, colorMode, orientation }),
  };
}
