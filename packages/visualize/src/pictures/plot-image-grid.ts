import type { HostArray } from "@featuremap/tensor";
import { InvalidConfigError, type OptionNames } from "@featuremap/tensor";
import { type PlotOptions, plotOptions, readPlotOptions, requireTexts } from "../svg/drawing-options.ts";
import { type Drawing, heading, outerMargin, remark, stacked, svgDocument } from "../svg/drawing.ts";
import { element, tooltip } from "../svg/element.ts";
import { fontSizes, textAt } from "../svg/text.ts";
import { colorTable } from "./color-map.ts";
import { type RenderOptions, columnsOf } from "./image-grid.ts";
import { type Picture, type RgbaPixels, readPictures } from "./picture.ts";
import { rendererOf } from "./render.ts";
import { resized, sizeWithin } from "./resize.ts";
import { pngAddress } from "./to-png.ts";

export interface PlotImageGridOptions extends PlotOptions, RenderOptions {
  /** Default: as many as there are rows, or one more, as far as pictures stay 40 pixels wide. */
  readonly columns?: number | undefined;
  /** Below each picture, such as its class; a line feed begins a new line. */
  readonly titles?: readonly string[] | undefined;
  /** Whether a picture's title tells of a mistake: it is then marked, and red. Default: none is. */
  readonly wrong?: readonly boolean[] | undefined;
}

const gridOptions: OptionNames<PlotImageGridOptions> = {
  ...plotOptions,
  range: true,
  colorMap: true,
  columns: true,
  titles: true,
  wrong: true,
};

/** A picture with words below. */
export interface Tile {
  readonly pixels: RgbaPixels;
  readonly title: string;
  readonly wrong?: boolean;
}

const gap = 8;
/** Pixels of a picture's side: no smaller unless columns are asked for, and no larger. */
const [leastSide, mostSide] = [40, 320];
/** Lines of a title. */
const mostLines = 4;
const titleLine = 14;

/**
 * Draws pictures in a grid, each with its title: labelled examples, predictions, filters, feature maps.
 *
 * Each is in the SVG as a PNG, no larger than it is seen on a dense display; element `data-index` tells which one it is.
 *
 * @returns an SVG document, for a file or a page
 * @throws {InvalidConfigError | ShapeError} a picture or an option is not what it may be.
 */
export function plotImageGrid(images: readonly Picture[] | HostArray, options: PlotImageGridOptions = {}): string {
  const owner = "plotImageGrid";
  const drawing = readPlotOptions(owner, options, gridOptions);
  const { range, colorMap = "gray" } = options;
  const pictures = readPictures(owner, "images", images);
  const titles = options.titles === undefined ? [] : requireTexts(owner, "titles", options.titles);
  const wrong = readFlags(owner, options.wrong);
  for (const [name, given] of Object.entries({ titles: options.titles, wrong: options.wrong })) {
    if (given !== undefined && given.length !== pictures.length) {
      throw new InvalidConfigError(owner, name, `${pictures.length}, one for each picture`, `${given.length}`);
    }
  }
  const renderer = rendererOf(owner, pictures, range, colorTable(owner, colorMap));
  const room = drawing.width - 2 * outerMargin;
  const asked = columnsOf(owner, options.columns, pictures.length);
  const columns = options.columns === undefined ? Math.min(asked, Math.floor((room + gap) / (leastSide + gap))) : asked;
  const tiles = pictures.map((picture, index) => ({
    pixels: renderer(picture),
    title: titles[index] ?? "",
    wrong: wrong[index] === true,
  }));
  const grid = pictures.length === 0 ? remark("No pictures.", room) : tileGrid(tiles, columns, room);
  const content = stacked([...heading(drawing.title, room), grid]);
  return svgDocument(content, drawing, `${pictures.length} pictures`);
}

/** Tiles in rows; those of a row are as high as its highest. */
export function tileGrid(tiles: readonly Tile[], columns: number, width: number): Drawing {
  const side = Math.min((width - (columns - 1) * gap) / columns, mostSide);
  const rows = Array.from({ length: Math.ceil(tiles.length / columns) }, (_, row) => {
    const inRow = tiles.slice(row * columns, (row + 1) * columns);
    const shown = inRow.map(({ pixels }) => shownSize(pixels, side));
    const high = shown.reduce((most, [, height]) => Math.max(most, height), 0);
    const drawn = inRow.map((tile, column) =>
      tileAt(tile, row * columns + column, column * (side + gap), high, shown[column] ?? [side, side], side),
    );
    const lines = inRow.reduce((most, { title }) => Math.max(most, linesOf(title).length), 0);
    return { markup: drawn.join(""), width, height: high + lines * titleLine + (lines > 0 ? 4 : 0) };
  });
  return stacked(rows, gap);
}

function shownSize({ width, height }: RgbaPixels, side: number): readonly [number, number] {
  const factor = side / Math.max(width, height);
  return [width * factor, height * factor];
}

function tileAt(
  { pixels, title, wrong = false }: Tile,
  index: number,
  left: number,
  high: number,
  [width, height]: readonly [number, number],
  side: number,
): string {
  // Twice as many pixels as the page has, for dense displays.
  const [most] = [Math.ceil(side * 2)];
  const isLarge = Math.max(pixels.width, pixels.height) > most;
  const small = isLarge ? resized(pixels, ...sizeWithin(pixels.width, pixels.height, most, most)) : pixels;
  const isCoarse = pixels.width < width;
  const image = element(
    "image",
    {
      x: left + (side - width) / 2,
      y: high - height,
      width,
      height,
      href: pngAddress(small),
      preserveAspectRatio: "none",
      style: isCoarse ? "image-rendering:pixelated" : undefined,
    },
    ...(title === "" ? [] : [tooltip(title)]),
  );
  const lines = linesOf(title).map((line, place) =>
    textAt(wrong && place === 0 ? `\u2717 ${line}` : line, left + side / 2, high + 14 + place * titleLine, {
      anchor: "middle",
      size: fontSizes.small,
      class: wrong ? "fm-alert" : "fm-ink",
      room: side + gap / 2,
    }),
  );
  return element("g", { "data-index": index }, image, ...lines);
}

function linesOf(title: string): readonly string[] {
  return title === "" ? [] : title.split("\n").slice(0, mostLines);
}

function readFlags(owner: string, flags: unknown): readonly unknown[] {
  if (flags === undefined) return [];
  if (Array.isArray(flags) && [...flags].every((flag) => typeof flag === "boolean")) return flags;
  throw new InvalidConfigError(owner, "wrong", "a list of true and false", flags);
}
