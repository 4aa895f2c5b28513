import { InvalidConfigError, ShapeError, isTypedArray } from "@featuremap/tensor";

/** Pixels row by row, 1 (grey), 3 (RGB) or 4 (RGBA) bytes each; `ImageData` is one with 4. */
export interface Pixels {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/**
 * @throws {ShapeError} the pixels are not 1, 3 or 4 bytes for each of `width * height`.
 * @throws {InvalidConfigError} they are not pixels at all.
 */
export function bytesPerPixel(pixels: Pixels, owner: string): 1 | 3 | 4 {
  const { data, width, height } = pixels ?? {};
  if (!isTypedArray(data, "Uint8Array", "Uint8ClampedArray")) {
    const expected = "{ data, width, height } with bytes as data, like ImageData";
    throw new InvalidConfigError(owner, "pixels", expected, data === undefined ? pixels : data);
  }
  const depth = data.length / (width * height);
  const sides = [width, height].every((side) => Number.isInteger(side) && side > 0);
  if (sides && (depth === 1 || depth === 3 || depth === 4)) return depth;
  const expected = `1, 3 or 4 bytes for each of ${width} x ${height}`;
  throw new ShapeError(owner, "pixels", expected, `${data.length} bytes`);
}
