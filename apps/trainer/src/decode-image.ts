import { access } from "node:fs/promises";
import { FormatError, type Pixels, UnavailableError } from "@featuremap/tensor";

/**
 * The pixels of an image file, as a browser shows it: upright, sRGB, with alpha.
 *
 * @param path a PNG, JPEG, WebP, GIF, AVIF, TIFF or SVG file
 * @returns RGBA
 * @throws {UnavailableError} there is no such file, or it cannot be read.
 * @throws {FormatError} it is no image, or a damaged one.
 */
export async function decodeImage(path: string): Promise<Pixels> {
  await access(path).catch((cause: unknown) => {
    throw new UnavailableError(`There is no image ${path}`, "Name image files, or a dataset: mnist.", { cause });
  });
  const { default: sharp } = await import("sharp");
  try {
    const { data, info } = await sharp(path, { failOn: "error" })
      .autoOrient()
      .toColourspace("srgb")
      .ensureAlpha()
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const error = new FormatError(path, "the file", "an image (PNG, JPEG, WebP ...)", `something else: ${reason}`);
    error.cause = cause;
    throw error;
  }
}
