import type { InkPicture } from "./ink-picture.ts";

/** A part of a picture in whole pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Scales a part of a picture to `width` x `height`.
 *
 * Every pixel of the result is the mean of the area of the box that it covers, parts of pixels included.
 *
 * @returns values in [0, 255], row by row
 */
export function averageAreas(picture: InkPicture, box: Box, width: number, height: number): Float64Array {
  const output = new Float64Array(width * height);
  const { data } = picture;
  const stepX = box.width / width;
  const stepY = box.height / height;
  for (let y = 0; y < height; y++) {
    const fromY = y * stepY;
    const toY = Math.min(box.height, fromY + stepY);
    for (let x = 0; x < width; x++) {
      const fromX = x * stepX;
      const toX = Math.min(box.width, fromX + stepX);
      const first = Math.floor(fromX);
      const last = Math.ceil(toX) - 1;
      let sum = 0;
      for (let row = Math.floor(fromY); row < toY; row++) {
        const rowShare = Math.min(toY, row + 1) - Math.max(fromY, row);
        const start = (box.top + row) * picture.width + box.left;
        sum += rowShare * (Math.min(toX, first + 1) - fromX) * (data[start + first] ?? 0);
        for (let column = first + 1; column < last; column++) sum += rowShare * (data[start + column] ?? 0);
        if (last > first) sum += rowShare * (toX - last) * (data[start + last] ?? 0);
      }
      output[y * width + x] = sum / (stepX * stepY);
    }
  }
  return output;
}
