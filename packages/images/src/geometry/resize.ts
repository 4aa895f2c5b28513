import { InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import { requireFlag } from "../augment/check-range.ts";
import { type Pixels, bytesPerPixel } from "../pixels.ts";
import type { Interpolation } from "./axis-taps.ts";
import { resample } from "./resampler.ts";
import { columnWeights, rowWeights } from "./tap-weights.ts";

/** A rectangle of a picture, in whole pixels. */
export interface PixelBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** How {@link resizePixels} makes a picture of another size. */
export interface ResizeOptions {
  /** Default: "bilinear". */
  readonly interpolation?: Interpolation;
  /** Whether a reduced picture's pixels mix all the pixels that they stand for, as Pillow's do. Default: false, as in Keras. */
  readonly antialias?: boolean;
  /** The part of the picture that is taken. Default: all of it. */
  readonly box?: PixelBox;
  /** Mirrors the result. Default: false. */
  readonly flipLeftRight?: boolean;
}

const resizeOptions: OptionNames<ResizeOptions> = {
  interpolation: true,
  antialias: true,
  box: true,
  flipLeftRight: true,
};

/** Every method of {@link resizePixels}. */
export const interpolations: readonly string[] = Object.keys({
  nearest: true,
  bilinear: true,
  bicubic: true,
  area: true,
  lanczos3: true,
  lanczos5: true,
  gaussian: true,
  mitchellcubic: true,
} satisfies Record<Interpolation, true>);

/** Pixels on a side: more than any picture here has, few enough that sizes stay exact. */
const longestSide = 2 ** 16;

/** Of one picture, also after its rows are resampled and before its columns are. */
const mostBytes = 2 ** 29;

/**
 * A picture in another size: the numbers of `tf.image.resize`, rounded to bytes, within one level.
 *
 * @param size height and width in pixels
 * @returns as many channels as `pixels` has
 * @throws {ShapeError} `pixels` are not 1, 3 or 4 bytes for each of `width * height`.
 * @throws {InvalidConfigError} the size, the box or an option is wrong.
 */
export function resizePixels(
  pixels: Pixels,
  size: readonly [height: number, width: number],
  options: ResizeOptions = {},
): Pixels {
  const channels = bytesPerPixel(pixels, "resizePixels");
  checkOptions("resizePixels", options, resizeOptions);
  const { interpolation = "bilinear", antialias = false, flipLeftRight = false } = options;
  if (!interpolations.includes(interpolation)) {
    const expected = `one of ${interpolations.join(", ")}`;
    throw new InvalidConfigError("resizePixels", "interpolation", expected, interpolation);
  }
  for (const [name, flag] of Object.entries({ antialias, flipLeftRight })) requireFlag("resizePixels", name, flag);
  const [height, width] = requireSize(size);
  const whole = { left: 0, top: 0, width: pixels.width, height: pixels.height };
  const box = options.box === undefined ? whole : requireBox("resizePixels", options.box, pixels);
  if (Math.max(box.height, height) * width * channels > mostBytes) {
    const expected = `at most ${mostBytes} bytes, including intermediate rows`;
    throw new InvalidConfigError("resizePixels", "size", expected, `${height} x ${width} x ${channels}`);
  }
  const how = { interpolation, antialias };
  const columns = columnWeights({ length: box.width, target: width, ...how, mirrored: flipLeftRight });
  const rows = rowWeights({ length: box.height, target: height, ...how, mirrored: false });
  const source = { data: pixels.data, width: pixels.width, channels, left: box.left, top: box.top };
  return { data: resample(source, columns, rows), width, height };
}

function requireSize(size: readonly [number, number]): readonly [height: number, width: number] {
  const isSide = (side: number): boolean => Number.isInteger(side) && side >= 1 && side <= longestSide;
  if (Array.isArray(size) && size.length === 2 && size.every(isSide)) return size;
  throw new InvalidConfigError("resizePixels", "size", `[height, width], integers in [1, ${longestSide}]`, size);
}

/** @throws {InvalidConfigError} it is not part of a picture of that size. */
export function requireBox(owner: string, box: PixelBox, { width, height }: Omit<Pixels, "data">): PixelBox {
  checkOptions(`${owner} box`, box, { left: true, top: true, width: true, height: true });
  const fits = (start: number, length: number, limit: number): boolean =>
    Number.isInteger(start) && Number.isInteger(length) && start >= 0 && length >= 1 && start + length <= limit;
  if (fits(box.left, box.width, width) && fits(box.top, box.height, height)) return box;
  const found = `${box.width} x ${box.height} at (${box.left}, ${box.top})`;
  throw new InvalidConfigError(owner, "box", `whole pixels within ${width} x ${height}`, found);
}
