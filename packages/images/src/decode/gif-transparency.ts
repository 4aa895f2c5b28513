import type { DecodedImage } from "./decoded-image.ts";
import { readFirstGifFrame } from "./header/gif-header.ts";

/**
 * A GIF without its transparency: decoders leave nothing of the colour that is stored for a transparent pixel, which Pillow
 * gives where no alpha is asked for.
 */
export function withoutTransparency(gif: Uint8Array): Uint8Array {
  const at = readFirstGifFrame(gif)?.transparencyAt;
  if (at === undefined) return gif;
  // A Buffer's slice would be the caller's own bytes.
  const copy = new Uint8Array(gif);
  copy[at] = (copy[at] ?? 0) & 0xfe;
  return copy;
}

/** What is shown, with the colours that are stored under what is transparent, as Pillow gives them. */
export function withStoredColours(shown: DecodedImage, stored: DecodedImage, gif: Uint8Array): DecodedImage {
  if (shown.channels !== 4 || stored.channels !== 4) return shown;
  const frame = readFirstGifFrame(gif);
  if (frame === undefined) return shown;
  const data = shown.data.slice();
  const right = Math.min(frame.left + frame.width, shown.width);
  const bottom = Math.min(frame.top + frame.height, shown.height);
  for (let y = frame.top; y < bottom; y++) {
    for (let at = (y * shown.width + frame.left) * 4; at < (y * shown.width + right) * 4; at += 4) {
      for (let channel = 0; channel < 3; channel++) data[at + channel] = stored.data[at + channel] ?? 0;
    }
  }
  return { ...shown, data };
}

/** Fills what the first frame of a GIF does not cover, as Pillow does. */
export function withGround(image: DecodedImage, gif: Uint8Array): DecodedImage {
  const frame = readFirstGifFrame(gif);
  const { width, height, channels } = image;
  if (frame === undefined || (frame.width >= width && frame.height >= height)) return image;
  const alpha = frame.transparencyAt === undefined ? 255 : 0;
  const data = image.data.slice();
  const right = frame.left + frame.width;
  const bottom = frame.top + frame.height;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += channels) {
      const isCovered = x >= frame.left && x < right && y >= frame.top && y < bottom;
      if (isCovered) continue;
      for (let channel = 0; channel < channels; channel++) data[at + channel] = frame.ground[channel] ?? alpha;
    }
  }
  return { ...image, data };
}
