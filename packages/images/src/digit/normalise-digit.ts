import { InvalidConfigError } from "@featuremap/tensor";
import { bytesPerPixel } from "../pixels.ts";
import { type Box, averageAreas } from "./average-areas.ts";
import type { InkPicture } from "./ink-picture.ts";

/** Side of a picture of MNIST in pixels. */
export const DIGIT_SIZE = 28;
/** Side of the box inside it that a digit's longer side fills. */
export const DIGIT_BOX = 20;

/** Fainter pixels, of 255, do not count when the edges of the digit are looked for. */
const EDGE = 48;

/**
 * Brings a digit to what MNIST looks like.
 *
 * The ink's bounding box is scaled, keeping its proportions, until its longer side is 20 pixels; the result is stretched
 * to full contrast and laid into 28 x 28 so that its centre of mass falls on pixel 14, 14. A digit whose mass lies so far
 * to one side that it would leave the picture stops at the picture's edge. Without ink the result is black.
 *
 * Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits", 1998; in its 10,000 test pictures every
 * longer side is 20 and every centre of mass lies within half a pixel of 14, 14.
 *
 * @returns 28 x 28
 * @throws {InvalidConfigError} the picture is not one byte of ink for each pixel.
 */
export function normaliseDigit(picture: InkPicture): InkPicture {
  if (bytesPerPixel(picture, "normaliseDigit") !== 1) {
    throw new InvalidConfigError("normaliseDigit", "picture", "one byte of ink for each pixel", picture.data);
  }
  const output = new Uint8Array(DIGIT_SIZE * DIGIT_SIZE);
  const box = inkBox(picture);
  if (box === undefined) return { data: output, width: DIGIT_SIZE, height: DIGIT_SIZE };

  const scale = DIGIT_BOX / Math.max(box.width, box.height);
  const width = Math.max(1, Math.round(box.width * scale));
  const height = Math.max(1, Math.round(box.height * scale));
  const digit = averageAreas(picture, box, width, height);

  let mass = 0;
  let massX = 0;
  let massY = 0;
  let strongest = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = digit[y * width + x] ?? 0;
      mass += value;
      massX += value * x;
      massY += value * y;
      strongest = Math.max(strongest, value);
    }
  }
  const left = within(Math.round(DIGIT_SIZE / 2 - massX / mass), 0, DIGIT_SIZE - width);
  const top = within(Math.round(DIGIT_SIZE / 2 - massY / mass), 0, DIGIT_SIZE - height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      output[(top + y) * DIGIT_SIZE + left + x] = Math.round(((digit[y * width + x] ?? 0) * 255) / strongest);
    }
  }
  return { data: output, width: DIGIT_SIZE, height: DIGIT_SIZE };
}

/** The smallest box around all ink, or nothing where there is none. */
function inkBox({ data, width, height }: InkPicture): Box | undefined {
  let left = width;
  let right = -1;
  let top = height;
  let bottom = -1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if ((data[y * width + x] ?? 0) < EDGE) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

function within(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
