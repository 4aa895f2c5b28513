import { InvalidConfigError } from "@featuremap/tensor";
import type { ReadPicture, RgbaPixels } from "./picture.ts";

/**
 * What is black and what is white, or the two ends of the colour map: two numbers, the least and greatest number of each
 * `picture`, or those of `all` together.
 */
export type ValueRange = readonly [number, number] | "picture" | "all";

/** A picture's colours from its numbers. */
export type Renderer = (picture: ReadPicture) => RgbaPixels;

/**
 * Makes colours of numbers: those beyond the range are those at its ends, and NaN is transparent.
 *
 * @param pictures all that will be rendered
 * @param range by default 0 to 255 for integers of typed arrays, 0 to 1 for others
 * @param colors of a picture of one channel, see `colorTable`
 * @throws {InvalidConfigError} the range is not one.
 */
export function rendererOf(
  owner: string,
  pictures: readonly ReadPicture[],
  range: ValueRange | undefined,
  colors: Uint8Array,
): Renderer {
  const rangeOf = rangeFinder(owner, pictures, range);
  return (picture) => {
    const [low, high] = rangeOf(picture);
    return render(picture, low, high, colors);
  };
}

function rangeFinder(
  owner: string,
  pictures: readonly ReadPicture[],
  range: unknown,
): (picture: ReadPicture) => readonly [number, number] {
  if (range === undefined) return ({ data }) => [0, isOfIntegers(data) ? 255 : 1];
  if (range === "picture") return ({ data }) => extentOf([data]);
  if (range === "all") {
    const extent = extentOf(pictures.map(({ data }) => data));
    return () => extent;
  }
  if (Array.isArray(range) && range.length === 2) {
    const [low, high]: readonly unknown[] = range;
    if (Number.isFinite(low) && Number.isFinite(high) && Number(low) < Number(high)) {
      return () => [Number(low), Number(high)];
    }
  }
  throw new InvalidConfigError(owner, "range", 'two numbers that ascend, "picture" or "all"', range);
}

function isOfIntegers(data: ArrayLike<number>): boolean {
  return ArrayBuffer.isView(data) && !(data instanceof Float32Array || data instanceof Float64Array);
}

/** The least and greatest finite number; 0 and 1 where there is none. */
export function extentOf(lists: readonly ArrayLike<number>[]): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const list of lists) {
    for (let index = 0; index < list.length; index++) {
      const value = list[index] ?? Number.NaN;
      if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
    }
  }
  return low <= high ? [low, high] : [0, 1];
}

function render(
  { data, width, height, channels }: ReadPicture,
  low: number,
  high: number,
  colors: Uint8Array,
): RgbaPixels {
  const rgba = new Uint8ClampedArray(width * height * 4);
  // A picture of one level has the colour of the range's start.
  const factor = high > low ? 255 / (high - low) : 0;
  const byte = (index: number): number => ((data[index] ?? Number.NaN) - low) * factor;
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [from, to] = [pixel * channels, pixel * 4];
    if (channels === 1) {
      const level = byte(from);
      if (Number.isNaN(level)) continue;
      const entry = Math.round(Math.min(Math.max(level, 0), 255)) * 3;
      for (let channel = 0; channel < 3; channel++) rgba[to + channel] = colors[entry + channel] ?? 0;
      rgba[to + 3] = 255;
    } else {
      let isMissing = false;
      for (let channel = 0; channel < channels; channel++) {
        const level = byte(from + channel);
        isMissing ||= Number.isNaN(level);
        rgba[to + channel] = level;
      }
      if (channels === 3) rgba[to + 3] = 255;
      if (isMissing) rgba.fill(0, to, to + 4);
    }
  }
  return { data: rgba, width, height };
}
