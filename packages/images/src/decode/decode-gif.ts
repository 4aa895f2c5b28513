import { FormatError } from "@featuremap/tensor";
import type { DecodedImage } from "./decoded-image.ts";
import { type GifFrame, readFirstGifFrame } from "./header/gif-header.ts";

/**
 * The first frame of a GIF as Pillow gives it: where no alpha is asked for, with the colours that are stored for transparent
 * pixels, of which decoders leave nothing.
 *
 * @param decode the platform's decoder
 * @throws {FormatError} it has no frame, or was cut off within it.
 */
export async function decodeGif(
  gif: Uint8Array,
  name: string,
  keepsAlpha: boolean,
  decode: (gif: Uint8Array) => Promise<DecodedImage>,
): Promise<DecodedImage> {
  const frame = readFirstGifFrame(gif);
  if (frame === undefined || !frame.isWhole) {
    const found = `a GIF that is damaged: ${frame === undefined ? "it has no frame" : "it was cut off before its end"}`;
    throw new FormatError(name, "the file", "an image that can be decoded", found);
  }
  const image = await decode(keepsAlpha ? gif : withoutTransparency(gif, frame));
  return keepsAlpha && frame.transparencyAt !== undefined ? image : withGround(image, frame);
}

function withoutTransparency(gif: Uint8Array, { transparencyAt: at }: GifFrame): Uint8Array {
  if (at === undefined) return gif;
  // The caller's bytes stay as they are; a Buffer's own `slice` would not copy them.
  const copy = new Uint8Array(gif);
  copy[at] = (copy[at] ?? 0) & 0xfe;
  return copy;
}

/** Fills what the frame does not cover. */
function withGround(image: DecodedImage, frame: GifFrame): DecodedImage {
  const { width, height, channels } = image;
  if (frame.width >= width && frame.height >= height) return image;
  const data = new Uint8Array(image.data);
  const right = frame.left + frame.width;
  const bottom = frame.top + frame.height;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += channels) {
      const isCovered = x >= frame.left && x < right && y >= frame.top && y < bottom;
      if (isCovered) continue;
      for (let channel = 0; channel < channels; channel++) data[at + channel] = frame.ground[channel] ?? 255;
    }
  }
  return { ...image, data };
}
