import type { DecodedImage } from "./decoded-image.ts";

/**
 * How a picture lies in its file, as EXIF numbers it: 1 upright, 2 mirrored, 3 upside down, 4 mirrored upside down, 5 to 8
 * on their side.
 */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** Whether width and height change places when it is turned. */
export function liesOnItsSide(orientation: Orientation): boolean {
  return orientation >= 5;
}

/** The orientation of what is stored, if turning it as `orientation` says has made it upright. */
export function undoing(orientation: Orientation): Orientation {
  return orientation === 6 ? 8 : orientation === 8 ? 6 : orientation;
}

/** Turns a picture upright. Source: EXIF 2.32, 4.6.4 A (Orientation); Pillow's `ImageOps.exif_transpose`. */
export function turnUpright(image: DecodedImage, orientation: Orientation): DecodedImage {
  if (orientation === 1) return image;
  const { data, width, height, channels } = image;
  const isOnSide = liesOnItsSide(orientation);
  const [newWidth, newHeight] = isOnSide ? [height, width] : [width, height];
  // Where the pixel of the new picture's corner lies in the old one, and how far to its neighbours.
  const right = [2, 3, 7, 8].includes(orientation) ? width - 1 : 0;
  const bottom = [3, 4, 6, 7].includes(orientation) ? height - 1 : 0;
  const alongX = right === 0 ? 1 : -1;
  const alongY = bottom === 0 ? width : -width;
  const [stepX, stepY] = isOnSide ? [alongY, alongX] : [alongX, alongY];
  const turned = new Uint8Array(data.length);
  let to = 0;
  for (let y = 0; y < newHeight; y++) {
    let from = (bottom * width + right + y * stepY) * channels;
    for (let x = 0; x < newWidth; x++) {
      for (let channel = 0; channel < channels; channel++) turned[to++] = data[from + channel] ?? 0;
      from += stepX * channels;
    }
  }
  return { data: turned, width: newWidth, height: newHeight, channels };
}
