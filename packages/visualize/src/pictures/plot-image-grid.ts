import type { HostArray } from "@featuremap/tensor";
import { InvalidConfigError, type OptionNames } from "@featuremap/tensor";
import { type PlotOptions, plotOptions, readPlotOptions, requireTexts } from "../svg/drawing-options.ts";
import { heading, outerMargin, remark, stacked, svgDocument } from "../svg/drawing.ts";
import { colorTable } from "./color-map.ts";
import { type RenderOptions, columnsOf } from "./image-grid.ts";
import { type Picture, readPictures } from "./picture.ts";
import { rendererOf } from "./render.ts";
import { shrunk, tileGap, tileGrid } from "./tile-grid.ts";

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

/** Pixels of a picture's side, unless columns are asked for. */
const leastSide = 40;

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
  const columns =
    options.columns === undefined ? Math.min(asked, Math.floor((room + tileGap) / (leastSide + tileGap))) : asked;
  const tiles = pictures.map((picture, index) => ({
    index,
    // At once: photographs as they are would fill the memory.
    pixels: shrunk(renderer(picture)),
    title: titles[index] ?? "",
    wrong: wrong[index] === true,
  }));
  const grid = pictures.length === 0 ? remark("No pictures.", room) : tileGrid(tiles, columns, room);
  const content = stacked([...heading(drawing.title, room), grid]);
  return svgDocument(content, drawing, `${pictures.length} pictures`);
}

function readFlags(owner: string, flags: unknown): readonly unknown[] {
  if (flags === undefined) return [];
  if (Array.isArray(flags) && [...flags].every((flag) => typeof flag === "boolean")) return flags;
  throw new InvalidConfigError(owner, "wrong", "a list of booleans", flags);
}
