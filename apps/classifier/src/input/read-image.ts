import { readPicture } from "@featuremap/inference/picture";
import { type Pixels, readImageHeader } from "@featuremap/images";

/** Longest side of an image as the board shows it. */
const SHOWN_SIDE = 1024;

/** An image's pixels, and a bitmap of them for the board to show, which is to be closed. */
export interface BoardImage {
  readonly pixels: Pixels;
  /** As the file stores them, for models that take them so: the same where nothing had to be turned. */
  readonly stored: Pixels;
  readonly image: ImageBitmap;
}

/**
 * Reads an image's file.
 *
 * @throws {FeaturemapError} it is not an image that this browser reads, a damaged one, or too large.
 */
export async function readImage(file: Blob): Promise<BoardImage> {
  const pixels = await readPicture(file);
  const { orientation } = readImageHeader(new Uint8Array(await file.arrayBuffer()));
  const stored = orientation === 1 ? pixels : await readPicture(file, { orientation: "stored" });
  const { data, width, height } = pixels;
  const scale = Math.min(1, SHOWN_SIDE / Math.max(width, height));
  const whole = new ImageData(
    new Uint8ClampedArray(data.buffer as ArrayBuffer, data.byteOffset, data.length),
    width,
    height,
  );
  const image = await createImageBitmap(whole, {
    resizeWidth: Math.max(1, Math.round(width * scale)),
    resizeHeight: Math.max(1, Math.round(height * scale)),
    resizeQuality: "high",
  });
  return { pixels, stored, image };
}
