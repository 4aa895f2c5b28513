import { type Pixels, bytesPerPixel } from "../pixels.ts";
import { averageAreas } from "./average-areas.ts";
import type { InkPicture } from "./ink-picture.ts";
import { DIGIT_SIZE, normaliseDigit } from "./normalise-digit.ts";

/** Ink is looked for in a picture of at most this many pixels a side: more cost time, and show nothing of a digit. */
const LONGEST_SIDE = 280;

/**
 * Reads the digit out of an image of any size: what a model that `readsDigits` is given.
 *
 * A 28 x 28 image is taken to be a digit of MNIST already: it is inverted if its ground is light, and otherwise kept
 * pixel by pixel. Any other image is scaled down to 280 pixels a side, told apart into ink and ground by `inkOfImage`
 * and then normalised by `normaliseDigit`.
 *
 * @returns 28 x 28, light on black, 1 byte a pixel
 * @throws {ShapeError} the pixels are not 1, 3 or 4 bytes for each of `width * height`.
 */
export function digitOfImage(image: Pixels): InkPicture {
  const layers = layersOf(image);
  const { luma, alpha } = layers;
  if (luma.width !== DIGIT_SIZE || luma.height !== DIGIT_SIZE) {
    return normaliseDigit(inkOf({ luma: shrink(luma), alpha: alpha && shrink(alpha) }));
  }
  if (alpha !== undefined && isClear(alpha)) return alpha;
  const light = median(borderOf(luma.data, DIGIT_SIZE, DIGIT_SIZE)) >= 128;
  return light ? { ...luma, data: luma.data.map((value) => 255 - value) } : luma;
}

/**
 * Tells ink from ground.
 *
 * The outermost pixels are the ground. Where most of them are transparent, ink is what is opaque, whatever its colour.
 * Otherwise ink is what is darker than a light ground, or lighter than a dark one. What the ground itself varies by, and
 * a tenth of the strongest ink, count as none; the rest is stretched so that the strongest ink is 255. An image of one
 * colour has no ink.
 *
 * @returns a picture of the image's size
 * @throws {ShapeError} the pixels are not 1, 3 or 4 bytes for each of `width * height`.
 */
export function inkOfImage(image: Pixels): InkPicture {
  return inkOf(layersOf(image));
}

function inkOf({ luma, alpha }: Layers): InkPicture {
  if (alpha !== undefined && isClear(alpha)) return alpha;
  const { width, height } = luma;
  const ground = median(borderOf(luma.data, width, height));
  const towards = ground >= 128 ? -1 : 1;
  const contrast = luma.data.map((value) => Math.max(0, (value - ground) * towards));
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

interface Layers {
  /** ITU-R BT.601 luma over white, 0 to 255. */
  readonly luma: InkPicture;
  /** How opaque each pixel is, 0 to 255; absent where all are. */
  readonly alpha: InkPicture | undefined;
}

function layersOf(image: Pixels): Layers {
  const depth = bytesPerPixel(image, "digitOfImage");
  const { data, width, height } = image;
  if (depth === 1) return { luma: { data: Uint8Array.from(data), width, height }, alpha: undefined };
  const luma = new Uint8Array(width * height);
  const alpha = depth === 4 ? new Uint8Array(width * height) : undefined;
  for (let pixel = 0, at = 0; pixel < luma.length; pixel++, at += depth) {
    const opaque = 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
    const opacity = alpha === undefined ? 255 : (data[at + 3] ?? 255);
    luma[pixel] = Math.round(255 + (opaque - 255) * (opacity / 255));
    if (alpha !== undefined) alpha[pixel] = opacity;
  }
  return { luma: { data: luma, width, height }, alpha: alpha && { data: alpha, width, height } };
}

/** Whether most of the outermost pixels can be seen through. */
function isClear({ data, width, height }: InkPicture): boolean {
  return median(borderOf(data, width, height)) < 128;
}

function shrink(picture: InkPicture): InkPicture {
  const scale = LONGEST_SIDE / Math.max(picture.width, picture.height);
  if (scale >= 1) return picture;
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const means = averageAreas(picture, { left: 0, top: 0, width: picture.width, height: picture.height }, width, height);
  return { data: Uint8Array.from(means, Math.round), width, height };
}

function borderOf(values: Uint8Array, width: number, height: number): number[] {
  const border: number[] = [];
  for (let x = 0; x < width; x++) border.push(values[x] ?? 0, values[(height - 1) * width + x] ?? 0);
  for (let y = 0; y < height; y++) border.push(values[y * width] ?? 0, values[y * width + width - 1] ?? 0);
  return border;
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Of bytes, which are counted: sorting a large picture would take longer than reading it. */
function quantile(values: ArrayLike<number>, share: number): number {
  const counts = new Uint32Array(256);
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? 0;
    counts[value] = (counts[value] ?? 0) + 1;
  }
  const rank = Math.min(values.length - 1, Math.floor(share * values.length));
  let seen = 0;
  return Math.max(
    0,
    counts.findIndex((count) => (seen += count) > rank),
  );
}
