import type { DecodedImage } from "./decoded-image.ts";
import { readFirstGifFrame } from "./header/gif-header.ts";

/**
 * A GIF without its transparency: decoders leave nothing of the colour that is stored for a transparent pixel, which Pillow
 * gives where no alpha is asked for.
 */
export function withoutTransparency(gif: Uint8Array): Uint8Array {
  const at = readFirstGifFrame(gif)?.transparencyAt;
  if (at === undefined) return gif;
  const copy = gif.slice();
  copy[at] = (copy[at] ?? 0) & 0xfe;
  return copy;
}

/** Fills what the first frame of a GIF does not cover, as Pillow does. */
export function withGround(image: DecodedImage, gif: Uint8Array): DecodedImage {
  const frame = readFirstGifFrame(gif);
  const { width, height, channels } = image;
  if (frame === undefined || (frame.width >= width && frame.height >= height)) return image;
  if (channels === 4 && frame.transparencyAt !== undefined) return image;
  const data = image.data.slice();
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
