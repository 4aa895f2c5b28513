import type { RgbaPixels } from "./picture.ts";

/** The largest size of the same proportions within a box, in whole pixels of at least 1. */
export function sizeWithin(
  width: number,
  height: number,
  boxWidth: number,
  boxHeight: number,
): readonly [number, number] {
  const factor = Math.min(boxWidth / width, boxHeight / height);
  return [Math.max(Math.round(width * factor), 1), Math.max(Math.round(height * factor), 1)];
}

/** A picture in another size: pixels are repeated where it grows, and averaged where it shrinks. */
export function resized(picture: RgbaPixels, width: number, height: number): RgbaPixels {
  if (picture.width === width && picture.height === height) return picture;
  const data = new Uint8ClampedArray(width * height * 4);
  const columns = spans(picture.width, width);
  const rows = spans(picture.height, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      average(picture, columns[x] ?? [0, 1], rows[y] ?? [0, 1], data, (y * width + x) * 4);
    }
  }
  return { data, width, height };
}

type Span = readonly [number, number];

/** From which to which pixel of the source each pixel of the target is made. */
function spans(from: number, to: number): readonly Span[] {
  return Array.from({ length: to }, (_, index) => {
    const first = Math.floor((index * from) / to);
    return [first, Math.max(Math.floor(((index + 1) * from) / to), first + 1)];
  });
}

/** The mean colour, in which a pixel counts as far as it is opaque. */
function average(
  source: RgbaPixels,
  [left, right]: Span,
  [top, bottom]: Span,
  target: Uint8ClampedArray,
  at: number,
): void {
  let [red, green, blue, opacity] = [0, 0, 0, 0];
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const from = (y * source.width + x) * 4;
      const weight = source.data[from + 3] ?? 0;
      red += weight * (source.data[from] ?? 0);
      green += weight * (source.data[from + 1] ?? 0);
      blue += weight * (source.data[from + 2] ?? 0);
      opacity += weight;
    }
  }
  if (opacity === 0) return;
  target[at] = red / opacity;
  target[at + 1] = green / opacity;
  target[at + 2] = blue / opacity;
  target[at + 3] = opacity / ((right - left) * (bottom - top));
}
