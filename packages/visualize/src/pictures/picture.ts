import { HostArray, InvalidConfigError, ShapeError, formatShape } from "@featuremap/tensor";
import { requireNumbers } from "../svg/drawing-options.ts";

/** Pixels row by row, with 1 (grey), 3 (RGB) or 4 (RGBA) numbers each: bytes, or any others. `ImageData` is one. */
export interface PicturePixels {
  readonly data: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
}

/** Pixels, or a host array of shape [height, width] or [height, width, 1, 3 or 4]. */
export type Picture = PicturePixels | HostArray;

/** Pixels that were looked at. */
export interface ReadPicture {
  readonly data: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
}

/** Four bytes for each pixel: red, green, blue and opacity; what `new ImageData(data, width, height)` takes. */
export interface RgbaPixels {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/** The most pixels of a side. */
const longestSide = 32_768;

/** @throws {InvalidConfigError | ShapeError} it is not a picture, or has another number of pixels than it says. */
export function readPicture(owner: string, option: string, picture: unknown): ReadPicture {
  if (picture instanceof HostArray) {
    const [height = 0, width = 0, channels = 1, ...others] = picture.shape;
    if (picture.rank >= 2 && others.length === 0 && isDepth(channels) && isSide(width) && isSide(height)) {
      return { data: picture.data, width, height, channels };
    }
    const expected = "(height, width) or (height, width, 1, 3 or 4)";
    const isOneOfSeveral = picture.rank === 4 || (picture.rank === 3 && !isDepth(channels));
    const hint = isOneOfSeveral ? `: several, of which array.entry(0) is the first` : "";
    throw new ShapeError(owner, `shape of ${option}`, expected, formatShape(picture.shape) + hint);
  }
  if (typeof picture !== "object" || picture === null) {
    throw new InvalidConfigError(owner, option, "{ data, width, height } or a HostArray", picture);
  }
  const { data: given, width, height } = picture as Partial<Record<keyof PicturePixels, unknown>>;
  const data = requireNumbers(owner, `data of ${option}`, given);
  for (const [name, side] of Object.entries({ width, height })) {
    if (!isSide(side)) {
      throw new InvalidConfigError(owner, `${name} of ${option}`, `an integer from 1 to ${longestSide}`, side);
    }
  }
  const [across, down] = [Number(width), Number(height)];
  const channels = data.length / (across * down);
  if (isDepth(channels)) return { data, width: across, height: down, channels };
  const expected = `1, 3 or 4 numbers for each of ${across} x ${down} pixels`;
  throw new ShapeError(owner, `data of ${option}`, expected, `${data.length} numbers`);
}

/**
 * Pictures of a list, or of a host array of shape [pictures, height, width, channels] or, of grey ones, [pictures, height, width].
 *
 * @throws {InvalidConfigError | ShapeError} it is neither, or one is not a picture.
 */
export function readPictures(owner: string, option: string, pictures: unknown): readonly ReadPicture[] {
  if (pictures instanceof HostArray) {
    if (pictures.rank === 3 || pictures.rank === 4) {
      return Array.from({ length: pictures.shape[0] ?? 0 }, (_, index) =>
        readPicture(owner, `${option}[${index}]`, pictures.entry(index)),
      );
    }
    const expected = "(pictures, height, width) or (pictures, height, width, 1, 3 or 4)";
    throw new ShapeError(owner, `shape of ${option}`, expected, formatShape(pictures.shape));
  }
  if (!Array.isArray(pictures)) {
    throw new InvalidConfigError(owner, option, "a list of pictures, or a HostArray of rank 3 or 4", pictures);
  }
  return [...pictures].map((picture, index) => readPicture(owner, `${option}[${index}]`, picture));
}

function isSide(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) <= longestSide;
}

function isDepth(value: number): value is 1 | 3 | 4 {
  return value === 1 || value === 3 || value === 4;
}
