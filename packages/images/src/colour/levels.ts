import type { Pixels } from "../pixels.ts";

/** What becomes of each of the 256 levels. */
export type LevelTable = Uint8Array;

/** A table from a function of a level; what it gives is cut to [0, 255], its fraction dropped. */
export function levelTable(change: (level: number) => number): LevelTable {
  const table = new Uint8Array(256);
  for (let level = 0; level < 256; level++) table[level] = Math.min(255, Math.max(0, Math.trunc(change(level))));
  return table;
}

/** Bytes a pixel has: 1, 3 or 4. */
export function depthOf({ data, width, height }: Pixels): number {
  return data.length / (width * height);
}

/** A picture whose every level is looked up; alpha stays. */
export function mapLevels(pixels: Pixels, table: LevelTable): Pixels {
  const { data, width, height } = pixels;
  if (depthOf(pixels) === 4) return mapChannels(pixels, [table, table, table]);
  const result = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at++) result[at] = table[data[at] ?? 0] ?? 0;
  return { data: result, width, height };
}

/** A picture whose levels are looked up channel by channel; channels without a table stay. */
export function mapChannels(pixels: Pixels, tables: readonly LevelTable[]): Pixels {
  const { data, width, height } = pixels;
  const depth = depthOf(pixels);
  const result = new Uint8Array(data.length);
  for (let channel = 0; channel < depth; channel++) {
    const table = tables[channel];
    for (let at = channel; at < data.length; at += depth) {
      const level = data[at] ?? 0;
      result[at] = table === undefined ? level : (table[level] ?? 0);
    }
  }
  return { data: result, width, height };
}

/** How often each level occurs in a channel. */
export function histogram({ data }: Pixels, channel: number, depth: number): Uint32Array {
  const counts = new Uint32Array(256);
  for (let at = channel; at < data.length; at += depth) {
    const level = data[at] ?? 0;
    counts[level] = (counts[level] ?? 0) + 1;
  }
  return counts;
}

/** Channels that are colours: all but alpha. */
export function colourChannels(depth: number): number {
  return depth === 1 ? 1 : 3;
}
