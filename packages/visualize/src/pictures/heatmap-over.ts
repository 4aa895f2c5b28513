import { InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import { requireNumber } from "../svg/drawing-options.ts";
import { type ColorMap, colorTable } from "./color-map.ts";
import { type Picture, type ReadPicture, type RgbaPixels, readPicture } from "./picture.ts";
import { type ValueRange, extentOf, rendererOf } from "./render.ts";

export interface HeatmapOptions {
  /** How much the map covers the image, 0 to 1. Default: 0.5. */
  readonly opacity?: number | undefined;
  /** Default: `viridis`. */
  readonly colorMap?: ColorMap | undefined;
  /** The map's numbers at the two ends of the colours. Default: from 0, or the least if that is less, to the greatest. */
  readonly range?: readonly [number, number] | undefined;
  /** What is black and what is white in the image. Default: 0 to 255 for integers, 0 to 1 for other numbers. */
  readonly imageRange?: ValueRange | undefined;
}

const heatmapOptions: OptionNames<HeatmapOptions> = { opacity: true, colorMap: true, range: true, imageRange: true };

/**
 * Lays a map over an image: where a network looked, as Grad-CAM tells.
 *
 * The map is stretched over the whole image, and interpolated linearly between its centres. Where it is NaN the image stays as it is.
 *
 * @param map of one channel, of any size
 * @returns pixels of the image's size
 * @throws {InvalidConfigError | ShapeError} the image, the map or an option is not what it may be.
 */
export function heatmapOver(image: Picture, map: Picture, options: HeatmapOptions = {}): RgbaPixels {
  const owner = "heatmapOver";
  checkOptions(owner, options, heatmapOptions);
  const { opacity = 0.5, colorMap = "viridis", range, imageRange } = options;
  requireNumber(owner, "opacity", opacity, 0, 1);
  const below = readPicture(owner, "image", image);
  const heat = readPicture(owner, "map", map);
  if (heat.channels !== 1) throw new InvalidConfigError(owner, "channels of map", "1", heat.channels);
  const { data, width, height } = rendererOf(owner, [below], imageRange, colorTable(owner, "gray"))(below);
  const stretched = { data: stretch(heat, width, height), width, height, channels: 1 } as const;
  const [least, most] = extentOf([heat.data]);
  const ends: ValueRange = range ?? [Math.min(least, 0), most > Math.min(least, 0) ? most : Math.min(least, 0) + 1];
  const colors = rendererOf(owner, [stretched], ends, colorTable(owner, colorMap))(stretched).data;
  for (let at = 0; at < data.length; at += 4) {
    const share = (opacity * (colors[at + 3] ?? 0)) / 255;
    for (let channel = at; channel < at + 3; channel++) {
      data[channel] = (data[channel] ?? 0) * (1 - share) + (colors[channel] ?? 0) * share;
    }
    data[at + 3] = Math.max(data[at + 3] ?? 0, 255 * share);
  }
  return { data, width, height };
}

/** Linear between the centres of the map's cells, and level beyond the outermost. */
function stretch({ data, width: columns, height: rows }: ReadPicture, width: number, height: number): Float64Array {
  const result = new Float64Array(width * height);
  const across = Array.from({ length: width }, (_, x) => between(x, width, columns));
  for (let y = 0; y < height; y++) {
    const [above, below, down] = between(y, height, rows);
    for (const [x, [left, right, along]] of across.entries()) {
      const value = (row: number, column: number): number => data[row * columns + column] ?? Number.NaN;
      // A neighbour that does not count must not spread its NaN.
      const mix = (a: number, b: number, share: number): number => (share === 0 ? a : a * (1 - share) + b * share);
      const upper = mix(value(above, left), value(above, right), along);
      result[y * width + x] = mix(upper, down === 0 ? 0 : mix(value(below, left), value(below, right), along), down);
    }
  }
  return result;
}

/** The two cells between whose centres a pixel lies, and its way from the first to the second. */
function between(pixel: number, pixels: number, cells: number): readonly [number, number, number] {
  const place = Math.min(Math.max(((pixel + 0.5) * cells) / pixels - 0.5, 0), cells - 1);
  const first = Math.floor(place);
  return [first, Math.min(first + 1, cells - 1), place - first];
}
