import type { Pixels } from "../pixels.ts";
import { UnavailableError } from "@featuremap/tensor";

/** Draws a picture on a canvas, its left upper corner at this place. */
export type Draw = (context: OffscreenCanvasRenderingContext2D, left: number, top: number) => void;

/** Every browser has canvases of this length and area; several phones have none above 2^24 pixels. */
const longestSide = 4096;
const largestArea = 2 ** 22;

/** A tile that comes out in the colour that was there before was not drawn on; or it has that colour, so there are two. */
const grounds = ["#010203", "#fdfeff"] as const;

/**
 * The pixels of whatever can be drawn on a canvas, however large it is: it is read in tiles.
 *
 * A canvas that is too large for a browser, or for the memory left, draws nothing and says nothing; that is noticed here.
 *
 * @returns RGBA in sRGB
 * @throws {UnavailableError} the browser cannot draw it, or does not let the page read it.
 */
export function readDrawable(width: number, height: number, draw: Draw): Pixels {
  try {
    return readTiles(width, height, draw);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const isTainted = cause instanceof DOMException && cause.name === "SecurityError";
    const remedy = isTainted
      ? "An image of another origin needs the attribute crossOrigin and that origin's consent (CORS)."
      : "Try a smaller picture.";
    throw new UnavailableError(`The picture of ${width} x ${height} cannot be read: ${reason}`, remedy, { cause });
  }
}

function readTiles(width: number, height: number, draw: Draw): Pixels {
  const tileWidth = Math.min(width, longestSide);
  const tileHeight = Math.min(height, longestSide, Math.floor(largestArea / tileWidth));
  const context = openTile(tileWidth, tileHeight);
  const data = new Uint8ClampedArray(width * height * 4);
  for (let top = 0; top < height; top += tileHeight) {
    for (let left = 0; left < width; left += tileWidth) {
      const columns = Math.min(tileWidth, width - left);
      const rows = Math.min(tileHeight, height - top);
      const tile = readTile(context, columns, rows, () => draw(context, -left, -top));
      for (let row = 0; row < rows; row++) {
        const line = tile.subarray(row * columns * 4, (row + 1) * columns * 4);
        data.set(line, ((top + row) * width + left) * 4);
      }
    }
  }
  return { data, width, height };
}

function openTile(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true, colorSpace: "srgb" });
  if (context === null) throw new Error("the browser gave no canvas");
  // Of what is drawn, transparent parts replace the ground too.
  context.globalCompositeOperation = "copy";
  return context;
}

function readTile(
  context: OffscreenCanvasRenderingContext2D,
  width: number,
  height: number,
  draw: () => void,
): Uint8ClampedArray {
  for (const ground of grounds) {
    context.fillStyle = ground;
    context.fillRect(0, 0, width, height);
    const before = context.getImageData(0, 0, 1, 1).data;
    draw();
    const { data } = context.getImageData(0, 0, width, height);
    if (!isPlain(data, before)) return data;
  }
  throw new Error("the browser drew nothing");
}

/** Whether all pixels are like one. */
function isPlain(data: Uint8ClampedArray, pixel: Uint8ClampedArray): boolean {
  for (let index = 0; index < data.length; index++) {
    if (data[index] !== pixel[index % 4]) return false;
  }
  return true;
}
