import { type ImageOperation, type Pixels, decodeImage, resizePixels } from "@featuremap/images";
import type { RandomStream } from "@featuremap/tensor";
import { inChannels } from "./channels-of-pixels.ts";
import type { CheckedImageOptions } from "./image-options.ts";

/**
 * A file's picture in the size and colours wanted, and changed by the operations.
 *
 * @param contents a file's bytes, or a picture that needs no decoding
 * @param random what the operations draw from; without it they are left out
 * @throws {FormatError} it is no picture, damaged or too large.
 */
export async function loadImage(
  contents: Uint8Array | Pixels,
  name: string,
  options: CheckedImageOptions,
  random?: RandomStream,
): Promise<Pixels> {
  const { colorMode, orientation, scaledDecode, imageSize } = options;
  const steps = random === undefined ? [] : options.augment;
  const decoding = { name, colorMode, orientation };
  const pixels =
    contents instanceof Uint8Array
      ? await decodeImage(contents, scaledDecode && !cutsFirst(steps) ? { ...decoding, atLeast: imageSize } : decoding)
      : inChannels(contents, options.channels);
  let changed = cutsFirst(steps) ? pixels : fitted(pixels, options);
  if (random !== undefined) for (const step of steps) changed = step.apply(changed, random);
  return hasSize(changed, imageSize) ? changed : fitted(changed, options);
}

/** A part that is cut out at random and enlarged needs all of the file's pixels. */
function cutsFirst([first]: readonly ImageOperation[]): boolean {
  return first?.name === "randomResizedCrop" || first?.name === "resize";
}

function hasSize(pixels: Pixels, [height, width]: readonly [number, number]): boolean {
  return pixels.height === height && pixels.width === width;
}

function fitted(pixels: Pixels, { imageSize, interpolation, fit }: CheckedImageOptions): Pixels {
  if (fit === "stretch")
    return hasSize(pixels, imageSize) ? pixels : resizePixels(pixels, imageSize, { interpolation });
  if (fit === "crop") return resizePixels(pixels, imageSize, { interpolation, box: largestBox(pixels, imageSize) });
  return padded(pixels, imageSize, interpolation);
}

/** The largest part in the middle with the aspect ratio of `size`; rounded as by Keras's `smart_resize`. */
function largestBox(
  { width, height }: Pixels,
  [targetHeight, targetWidth]: readonly [number, number],
): {
  left: number;
  top: number;
  width: number;
  height: number;
} {
  const cropHeight = Math.max(1, Math.min(height, Math.floor((width * targetHeight) / targetWidth)));
  const cropWidth = Math.max(1, Math.min(width, Math.floor((height * targetWidth) / targetHeight)));
  const [left, top] = [Math.floor((width - cropWidth) / 2), Math.floor((height - cropHeight) / 2)];
  return { left, top, width: cropWidth, height: cropHeight };
}

/** All of the picture in the middle, with black around it; rounded as by `tf.image.resize_with_pad`. */
function padded(
  pixels: Pixels,
  [height, width]: readonly [number, number],
  interpolation: CheckedImageOptions["interpolation"],
): Pixels {
  // In float32, as there: a rounding decides whether a line more is black.
  const ratio = Math.max(Math.fround(pixels.width / width), Math.fround(pixels.height / height));
  const [exactHeight, exactWidth] = [Math.fround(pixels.height / ratio), Math.fround(pixels.width / ratio)];
  const inner = resizePixels(pixels, [Math.max(1, Math.floor(exactHeight)), Math.max(1, Math.floor(exactWidth))], {
    interpolation,
  });
  const top = Math.max(0, Math.floor((height - exactHeight) / 2));
  const left = Math.max(0, Math.floor((width - exactWidth) / 2));
  const channels = inner.data.length / (inner.width * inner.height);
  const data = new Uint8Array(height * width * channels);
  const line = inner.width * channels;
  for (let row = 0; row < inner.height; row++) {
    data.set(inner.data.subarray(row * line, (row + 1) * line), ((row + top) * width + left) * channels);
  }
  return { data, width, height };
}
