import type { Pixels } from "../pixels.ts";
import { depthOf } from "./levels.ts";

/** Each pixel mixed with its eight neighbours, itself five times; pixels at the edge stay. Source: Pillow's `ImageFilter.SMOOTH`. */
export function smooth(pixels: Pixels): Pixels {
  const { data, width, height } = pixels;
  const depth = depthOf(pixels);
  const line = width * depth;
  const result = new Uint8Array(data);
  for (let row = 1; row < height - 1; row++) {
    for (let at = row * line + depth; at < (row + 1) * line - depth; at++) {
      let sum = 4 * (data[at] ?? 0);
      for (let from = at - line; from <= at + line; from += line) {
        sum += (data[from - depth] ?? 0) + (data[from] ?? 0) + (data[from + depth] ?? 0);
      }
      result[at] = Math.floor(sum / 13 + 0.5);
    }
  }
  return { data: result, width, height };
}
