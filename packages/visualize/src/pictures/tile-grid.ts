import { type Drawing, stacked } from "../svg/drawing.ts";
import { element, tooltip } from "../svg/element.ts";
import { fontSizes, textAt } from "../svg/text.ts";
import type { RgbaPixels } from "./picture.ts";
import { resized, sizeWithin } from "./resize.ts";
import { pngAddress } from "./to-png.ts";

/** A picture with words below. */
export interface Tile {
  /** An empty frame stands where there are none. */
  readonly pixels: RgbaPixels | undefined;
  /** A line feed begins a new line. */
  readonly title: string;
  /** Which one it is, for scripts of a page. */
  readonly index: number;
  /** What a pointer is told. Default: the title. */
  readonly words?: string;
  readonly wrong?: boolean;
}

/** Pixels between tiles. */
export const tileGap = 8;
/** Pixels of a picture's side, at most. */
const mostSide = 320;
const [mostLines, titleLine] = [4, 14];

/** Tiles in rows; those of a row are as high as its highest, and stand on one line. */
export function tileGrid(tiles: readonly Tile[], columns: number, width: number): Drawing {
  const side = Math.min((width - (columns - 1) * tileGap) / columns, mostSide);
  const rows = Array.from({ length: Math.ceil(tiles.length / columns) }, (_, row) => {
    const inRow = tiles
      .slice(row * columns, (row + 1) * columns)
      .map((tile) => ({ tile, shown: shownSize(tile, side) }));
    const high = inRow.reduce((most, { shown: [, height] }) => Math.max(most, height), 0);
    const drawn = inRow.map(({ tile, shown }, column) => {
      const left = column * (side + tileGap);
      const words = titleLines(tile, left + side / 2, high + 14, side + tileGap / 2);
      return element("g", { "data-index": tile.index }, pictureAt(tile, left, high, shown, side), ...words);
    });
    const lines = inRow.reduce((most, { tile }) => Math.max(most, linesOf(tile.title).length), 0);
    return { markup: drawn.join(""), width, height: high + lines * titleLine + (lines > 0 ? 4 : 0) };
  });
  return stacked(rows, tileGap);
}

/** A picture with no more pixels than a dense display shows, two for each of the page's. */
export function shrunk(pixels: RgbaPixels, side: number = mostSide): RgbaPixels {
  const most = Math.ceil(side * 2);
  const isLarge = Math.max(pixels.width, pixels.height) > most;
  return isLarge ? resized(pixels, ...sizeWithin(pixels.width, pixels.height, most, most)) : pixels;
}

function shownSize({ pixels }: Tile, side: number): readonly [number, number] {
  if (pixels === undefined) return [side, side];
  const factor = side / Math.max(pixels.width, pixels.height);
  return [pixels.width * factor, pixels.height * factor];
}

function pictureAt(
  { pixels, title, words = title }: Tile,
  left: number,
  high: number,
  [width, height]: readonly [number, number],
  side: number,
): string {
  const place = { x: left + (side - width) / 2, y: high - height, width, height };
  const told = words === "" ? [] : [tooltip(words)];
  if (pixels === undefined) return element("rect", { ...place, class: "fm-axis", "stroke-dasharray": "4 3" }, ...told);
  const small = shrunk(pixels, side);
  const style = pixels.width < width ? "image-rendering:pixelated" : undefined;
  const image = element("image", { ...place, href: pngAddress(small), preserveAspectRatio: "none", style }, ...told);
  // White pictures on white, and black ones on black, have an edge too.
  return image + element("rect", { ...place, class: "fm-grid", "pointer-events": "none" });
}

function titleLines({ title, wrong = false }: Tile, x: number, y: number, room: number): readonly string[] {
  return linesOf(title).map((line, place) =>
    textAt(wrong && place === 0 ? `\u2717 ${line}` : line, x, y + place * titleLine, {
      anchor: "middle",
      size: fontSizes.small,
      class: wrong ? "fm-alert" : "fm-ink",
      room,
      keepsEnd: true,
    }),
  );
}

function linesOf(title: string): readonly string[] {
  return title === "" ? [] : title.split("\n").slice(0, mostLines);
}
