import type { PixelBox } from "../geometry/resize.ts";
import type { DecodedImage } from "./decoded-image.ts";
import type { ImageSize } from "./platform-request.ts";

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

/** Whether columns, or rows, lie in the file from right to left, or from bottom to top. */
function isMirrored(orientation: Orientation): readonly [across: boolean, down: boolean] {
  return [[2, 3, 7, 8].includes(orientation), [3, 4, 6, 7].includes(orientation)];
}

/** Width and height as they are once it is upright. */
export function uprightSize({ width, height }: ImageSize, orientation: Orientation): ImageSize {
  return liesOnItsSide(orientation) ? { width: height, height: width } : { width, height };
}

/** Where a part of the upright picture lies in the stored one, whose size is given. */
export function storedBox(box: PixelBox, { width, height }: ImageSize, orientation: Orientation): PixelBox {
  const [across, down] = isMirrored(orientation);
  const isOnSide = liesOnItsSide(orientation);
  const [left, top] = isOnSide ? [box.top, box.left] : [box.left, box.top];
  const size = uprightSize(box, orientation);
  return { left: across ? width - left - size.width : left, top: down ? height - top - size.height : top, ...size };
}

/** Turns a picture upright. Source: EXIF 2.32, 4.6.4 A (Orientation); Pillow's `ImageOps.exif_transpose`. */
export function turnUpright(image: DecodedImage, orientation: Orientation): DecodedImage {
  if (orientation === 1) return image;
  const { data, width, height, channels } = image;
  const isOnSide = liesOnItsSide(orientation);
  const { width: newWidth, height: newHeight } = uprightSize(image, orientation);
  const [isFromRight, isFromBottom] = isMirrored(orientation);
  // Where the pixel of the new picture's corner lies in the old one, and how far to its neighbours.
  const right = isFromRight ? width - 1 : 0;
  const bottom = isFromBottom ? height - 1 : 0;
  const alongX = isFromRight ? -1 : 1;
  const alongY = isFromBottom ? -width : width;
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
