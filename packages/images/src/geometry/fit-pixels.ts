import type { Pixels } from "../pixels.ts";
import { padPixels } from "./crop-pixels.ts";
import { type PixelBox, type ResizeOptions, resizePixels } from "./resize.ts";

type Size = readonly [height: number, width: number];

/** What becomes of a picture of other proportions: `stretch` distorts it, `crop` cuts its sides off, `pad` adds black ones. */
export type Fit = "stretch" | "crop" | "pad";

/**
 * A picture in one size; one that has it stays as it is.
 *
 * Source: Keras's `smart_resize`, and `tf.image.resize_with_pad`.
 */
export function fitPixels(
  pixels: Pixels,
  size: Size,
  fit: Fit,
  how: Pick<ResizeOptions, "interpolation" | "antialias">,
): Pixels {
  if (pixels.height === size[0] && pixels.width === size[1]) return pixels;
  if (fit === "pad") return paddedTo(pixels, size, how);
  return resizePixels(pixels, size, fit === "crop" ? { ...how, box: centeredBox(pixels, size) } : how);
}

/** The largest centred part of the target's proportions, in whole pixels. Source: Keras's `smart_resize`. */
export function centeredBox({ width, height }: Pixels, [targetHeight, targetWidth]: Size): PixelBox {
  const across = Math.max(1, Math.min(width, Math.floor((height * targetWidth) / targetHeight)));
  const along = Math.max(1, Math.min(height, Math.floor((width * targetHeight) / targetWidth)));
  return {
    left: Math.floor((width - across) / 2),
    top: Math.floor((height - along) / 2),
    width: across,
    height: along,
  };
}

/** All of the picture in the middle, with black around it, which is transparent where there is alpha. */
function paddedTo(
  pixels: Pixels,
  [height, width]: Size,
  how: Pick<ResizeOptions, "interpolation" | "antialias">,
): Pixels {
  // In float32, as TensorFlow: a rounding decides whether a line more is black.
  const ratio = Math.max(Math.fround(pixels.width / width), Math.fround(pixels.height / height));
  const [exactHeight, exactWidth] = [Math.fround(pixels.height / ratio), Math.fround(pixels.width / ratio)];
  const inner = resizePixels(pixels, [Math.max(1, Math.floor(exactHeight)), Math.max(1, Math.floor(exactWidth))], how);
  const top = Math.max(0, Math.floor((height - exactHeight) / 2));
  const left = Math.max(0, Math.floor((width - exactWidth) / 2));
  const [right, bottom] = [width - left - inner.width, height - top - inner.height];
  return padPixels(inner, { left, top, right, bottom }, 0, 0);
}
