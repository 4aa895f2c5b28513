import { InvalidConfigError, isTypedArray } from "@featuremap/tensor";
import { encode } from "fast-png";
import { type PicturePixels, type RgbaPixels, readPicture } from "./picture.ts";

/**
 * A PNG file of pixels: what `imageGrid` and `heatmapOver` give, `ImageData`, or a decoded picture.
 *
 * @param pixels 1 (grey), 3 (RGB) or 4 (RGBA) bytes each
 * @throws {InvalidConfigError | ShapeError} they are not such.
 */
export function toPng(pixels: PicturePixels): Uint8Array<ArrayBuffer> {
  const owner = "toPng";
  const { data, width, height, channels } = readPicture(owner, "pixels", pixels);
  if (!isTypedArray(data, "Uint8Array", "Uint8ClampedArray")) {
    const expected = "bytes (imageGrid makes them of other numbers)";
    throw new InvalidConfigError(owner, "data of pixels", expected, data);
  }
  return new Uint8Array(encode({ data, width, height, channels, depth: 8 }, { zlib: { level: 6 } }));
}

/** A file as the address of an `<image>`, without an opacity or colours that say nothing. */
export function pngAddress(pixels: RgbaPixels): string {
  const bytes = toPng(compact(pixels));
  let binary = "";
  // A function takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return `data:image/png;base64,${btoa(binary)}`;
}

function compact({ data, width, height }: RgbaPixels): PicturePixels {
  let [isOpaque, isGrey] = [true, true];
  for (let at = 0; at < data.length && isOpaque; at += 4) {
    isOpaque = data[at + 3] === 255;
    isGrey &&= data[at] === data[at + 1] && data[at] === data[at + 2];
  }
  if (!isOpaque) return { data, width, height };
  const channels = isGrey ? 1 : 3;
  const kept = new Uint8Array(width * height * channels);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < channels; channel++) {
      kept[pixel * channels + channel] = data[pixel * 4 + channel] ?? 0;
    }
  }
  return { data: kept, width, height };
}
