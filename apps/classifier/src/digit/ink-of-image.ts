import type { Pixels } from "@featuremap/tensor";
import type { InkPicture } from "./ink-picture.ts";
import { DIGIT_SIZE, normaliseDigit } from "./normalise-digit.ts";

/**
 * Reads the digit out of an image of any size.
 *
 * A 28 x 28 image is taken to be a digit of MNIST already: it is inverted if its ground is light, and otherwise kept
 * pixel by pixel. Any other image is told apart into ink and ground by `inkOfImage` and then normalised.
 *
 * @param image RGBA, 4 bytes a pixel
 * @returns 28 x 28, light on black
 */
export function digitOfImage(image: Pixels): InkPicture {
  if (image.width !== DIGIT_SIZE || image.height !== DIGIT_SIZE) return normaliseDigit(inkOfImage(image));
  const { luma, transparent } = groundOf(image);
  if (transparent) return inkOfImage(image);
  const light = median(borderOf(luma, DIGIT_SIZE, DIGIT_SIZE)) >= 128;
  return { data: light ? luma.map((value) => 255 - value) : luma, width: DIGIT_SIZE, height: DIGIT_SIZE };
}

/**
 * Tells ink from ground.
 *
 * The outermost pixels are the ground. Where most of them are transparent, ink is what is opaque, whatever its colour.
 * Otherwise ink is what is darker than a light ground, or lighter than a dark one. What the ground itself varies by, and
 * a tenth of the strongest ink, count as none; the rest is stretched so that the strongest ink is 255. An image of one
 * colour has no ink.
 *
 * @param image RGBA, 4 bytes a pixel
 * @returns a picture of the image's size
 */
export function inkOfImage(image: Pixels): InkPicture {
  const { width, height } = image;
  const { luma, alpha, transparent } = groundOf(image);
  if (transparent) return { data: alpha, width, height };

  const ground = median(borderOf(luma, width, height));
  const towards = ground >= 128 ? -1 : 1;
  const contrast = Float64Array.from(luma, (value) => Math.max(0, (value - ground) * towards));
  const grain = quantile(borderOf(contrast, width, height), 0.9);
  // A few glints must not decide what full ink is, so the strongest two thousandths are cut off.
  const strongest = Math.max(quantile(contrast, 0.998), quantile(contrast, 1) / 2);
  const none = Math.max(grain * 1.5, strongest / 10);
  const range = strongest - none;
  // A picture whose ink is no stronger than paper grain holds nothing to read.
  const empty = strongest < 24 || range <= 0;
  const data = Uint8Array.from(contrast, (value) =>
    empty ? 0 : Math.round(255 * Math.min(1, Math.max(0, (value - none) / range))),
  );
  return { data, width, height };
}

interface Ground {
  /** ITU-R BT.601 luma over white, 0 to 255. */
  readonly luma: Uint8Array;
  readonly alpha: Uint8Array;
  /** Whether most of the outermost pixels can be seen through. */
  readonly transparent: boolean;
}

function groundOf({ data, width, height }: Pixels): Ground {
  const luma = new Uint8Array(width * height);
  const alpha = new Uint8Array(width * height);
  for (let pixel = 0; pixel < luma.length; pixel++) {
    const at = pixel * 4;
    const opacity = data[at + 3] ?? 255;
    const opaque = 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
    luma[pixel] = Math.round(255 + (opaque - 255) * (opacity / 255));
    alpha[pixel] = opacity;
  }
  return { luma, alpha, transparent: median(borderOf(alpha, width, height)) < 128 };
}

function borderOf(values: Uint8Array | Float64Array, width: number, height: number): number[] {
  const border: number[] = [];
  for (let x = 0; x < width; x++) border.push(values[x] ?? 0, values[(height - 1) * width + x] ?? 0);
  for (let y = 0; y < height; y++) border.push(values[y * width] ?? 0, values[y * width + width - 1] ?? 0);
  return border;
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).toSorted();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
