import type { HostArray } from "@featuremap/tensor";
import { InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import { requireInteger } from "../svg/drawing-options.ts";
import { type ColorMap, colorTable } from "./color-map.ts";
import { type Picture, type RgbaPixels, readPictures } from "./picture.ts";
import { type ValueRange, rendererOf } from "./render.ts";
import { resized, sizeWithin } from "./resize.ts";

/** How numbers become colours. */
export interface RenderOptions {
  /** Default: 0 to 255 for typed arrays of integers, 0 to 1 for other numbers. */
  readonly range?: ValueRange | undefined;
  /** Of pictures of one channel. Default: `gray`. */
  readonly colorMap?: ColorMap | undefined;
}

export interface ImageGridOptions extends RenderOptions {
  /** Default: as many as there are rows, or one more. */
  readonly columns?: number | undefined;
  /** Pixels of each picture's longer side. Default: its own; all pictures then stand in cells of the largest. */
  readonly cellSize?: number | undefined;
  /** Pixels between pictures. Default: 2. */
  readonly gap?: number | undefined;
  /** Red, green, blue and opacity behind them, 0 to 255. Default: transparent. */
  readonly background?: readonly [number, number, number, number] | undefined;
}

const gridOptions: OptionNames<ImageGridOptions> = {
  range: true,
  colorMap: true,
  columns: true,
  cellSize: true,
  gap: true,
  background: true,
};

/** The most pixels of a grid. */
const mostPixels = 2 ** 26;

/**
 * Puts pictures side by side into one: a batch, filters, feature maps.
 *
 * Pictures may differ in size and in number of channels. For titles see `plotImageGrid`, for a file `toPng`.
 *
 * @throws {InvalidConfigError | ShapeError} a picture or an option is not what it may be, or the grid would be too large.
 */
export function imageGrid(images: readonly Picture[] | HostArray, options: ImageGridOptions = {}): RgbaPixels {
  const owner = "imageGrid";
  checkOptions(owner, options, gridOptions);
  const { range, colorMap = "gray", cellSize, gap = 2, background = [0, 0, 0, 0] } = options;
  const pictures = readPictures(owner, "images", images);
  if (pictures.length === 0) throw new InvalidConfigError(owner, "images", "at least one picture", images);
  const columns = columnsOf(owner, options.columns, pictures.length);
  requireInteger(owner, "gap", gap, 0, 1000);
  if (cellSize !== undefined) requireInteger(owner, "cellSize", cellSize, 1, 4096);
  const paint = checkBackground(owner, background);
  const renderer = rendererOf(owner, pictures, range, colorTable(owner, colorMap));
  const sizes = pictures.map(({ width, height }) =>
    cellSize === undefined ? ([width, height] as const) : sizeWithin(width, height, cellSize, cellSize),
  );
  const cellWidth = sizes.reduce((most, [width]) => Math.max(most, width), 1);
  const cellHeight = sizes.reduce((most, [, height]) => Math.max(most, height), 1);
  const rows = Math.ceil(pictures.length / columns);
  const [width, height] = [columns * (cellWidth + gap) - gap, rows * (cellHeight + gap) - gap];
  if (width * height > mostPixels) {
    throw new InvalidConfigError(
      owner,
      "cellSize",
      `such that the grid has at most ${mostPixels} pixels`,
      `${width} x ${height}`,
    );
  }
  const data = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < data.length; at += 4) data.set(paint, at);
  for (const [index, picture] of pictures.entries()) {
    const [ownWidth, ownHeight] = sizes[index] ?? [picture.width, picture.height];
    const rendered = resized(renderer(picture), ownWidth, ownHeight);
    const left = (index % columns) * (cellWidth + gap) + Math.floor((cellWidth - ownWidth) / 2);
    const top = Math.floor(index / columns) * (cellHeight + gap) + Math.floor((cellHeight - ownHeight) / 2);
    place(rendered, data, width, left, top);
  }
  return { data, width, height };
}

/** @throws {InvalidConfigError} it is not a number of columns. */
export function columnsOf(owner: string, columns: number | undefined, count: number): number {
  if (columns === undefined) return Math.max(Math.ceil(Math.sqrt(count)), 1);
  requireInteger(owner, "columns", columns, 1, 1000);
  return Math.min(columns, Math.max(count, 1));
}

function checkBackground(owner: string, color: unknown): readonly number[] {
  const isByte = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 255;
  if (Array.isArray(color) && color.length === 4 && [...color].every(isByte)) return color as readonly number[];
  throw new InvalidConfigError(owner, "background", "four integers from 0 to 255", color);
}

/** Lays a picture over what is there. */
function place(picture: RgbaPixels, target: Uint8ClampedArray, width: number, left: number, top: number): void {
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      const [from, to] = [(y * picture.width + x) * 4, ((top + y) * width + left + x) * 4];
      const over = (picture.data[from + 3] ?? 0) / 255;
      const under = ((target[to + 3] ?? 0) / 255) * (1 - over);
      const both = over + under;
      if (over === 0) continue;
      for (let channel = 0; channel < 3; channel++) {
        const [above, below] = [picture.data[from + channel] ?? 0, target[to + channel] ?? 0];
        target[to + channel] = (above * over + below * under) / both;
      }
      target[to + 3] = 255 * both;
    }
  }
}
