import { InvalidConfigError } from "@featuremap/tensor";
import { encode } from "fast-png";
import { type PicturePixels, readPicture } from "./picture.ts";

/**
 * A PNG file of pixels: what `imageGrid` and `heatmapOver` give, `ImageData`, or a decoded picture.
 *
 * @param pixels 1 (grey), 3 (RGB) or 4 (RGBA) bytes each
 * @throws {InvalidConfigError | ShapeError} they are not such.
 */
export function toPng(pixels: PicturePixels): Uint8Array<ArrayBuffer> {
  const owner = "toPng";
  const { data, width, height, channels } = readPicture(owner, "pixels", pixels);
  if (!(data instanceof Uint8Array || data instanceof Uint8ClampedArray)) {
    const expected = "bytes (imageGrid makes them of other numbers)";
    throw new InvalidConfigError(owner, "data of pixels", expected, data);
  }
  return new Uint8Array(encode({ data, width, height, channels, depth: 8 }, { zlib: { level: 6 } }));
}

/** A file as the address of an `<image>`. */
export function pngAddress(pixels: PicturePixels): string {
  const bytes = toPng(pixels);
  let binary = "";
  // A function takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return `data:image/png;base64,${btoa(binary)}`;
}
