import type { Pixels } from "../pixels.ts";
import { depthOf } from "./levels.ts";

/** ITU-R BT.601 luma of a pixel in [0, 255], rounded as Pillow rounds it. */
export function luma(red: number, green: number, blue: number): number {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
}

/** A picture in grey, with as many channels as it had. Source: Pillow's `convert("L")`. */
export function grayscale(pixels: Pixels): Pixels {
  const { data, width, height } = pixels;
  const depth = depthOf(pixels);
  if (depth === 1) return pixels;
  const result = new Uint8Array(data);
  for (let at = 0; at < data.length; at += depth) {
    const level = luma(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0);
    result[at] = level;
    result[at + 1] = level;
    result[at + 2] = level;
  }
  return { data: result, width, height };
}

/** The mean luma of a picture, in [0, 255]. */
export function meanLuma(pixels: Pixels): number {
  const { data, width, height } = pixels;
  const depth = depthOf(pixels);
  let sum = 0;
  if (depth === 1) for (const level of data) sum += level;
  else {
    for (let at = 0; at < data.length; at += depth) {
      sum += luma(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0);
    }
  }
  return sum / (width * height);
}
