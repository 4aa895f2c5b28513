import type { Pixels } from "../pixels.ts";
import { depthOf } from "../colour/levels.ts";

/**
 * Where an output pixel comes from: `x = (a0 x' + a1 y' + a2) / k` and `y = (b0 x' + b1 y' + b2) / k` with
 * `k = c0 x' + c1 y' + 1`, in pixels.
 */
export type Projection = readonly [
  a0: number,
  a1: number,
  a2: number,
  b0: number,
  b1: number,
  b2: number,
  c0: number,
  c1: number,
];

/** What lies beyond a picture's edge: one level, the edge's own pixel, the picture mirrored, or the picture again. */
export type FillMode = "constant" | "nearest" | "reflect" | "wrap";

/** How {@link warp} reads between and beyond pixels. */
export interface WarpOptions {
  readonly interpolation: "nearest" | "bilinear";
  readonly fillMode: FillMode;
  /** The level of "constant", 0 to 255. */
  readonly fillValue: number;
}

/**
 * Reads each pixel of a picture of the same size from another place.
 *
 * Source: TensorFlow's `ImageProjectiveTransformV3`, which Keras's `ops.image.affine_transform` calls; rounded to bytes.
 */
export function warp(pixels: Pixels, projection: Projection, options: WarpOptions): Pixels {
  const { width, height } = pixels;
  const depth = depthOf(pixels);
  const rounded: readonly number[] = projection.map(Math.fround);
  const [a0, a1, a2, b0, b1, b2, c0, c1] = rounded as Projection;
  const result = new Uint8Array(pixels.data.length);
  const read = options.interpolation === "nearest" ? readNearest : readBilinear;
  const source: Source = { ...options, data: pixels.data, width, height, depth };
  let at = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const k = linear(c0, c1, 1, column, row);
      const x = k === 0 ? Number.NaN : Math.fround(linear(a0, a1, a2, column, row) / k);
      const y = k === 0 ? Number.NaN : Math.fround(linear(b0, b1, b2, column, row) / k);
      read(source, place(x, width, options.fillMode), place(y, height, options.fillMode), result, at);
      at += depth;
    }
  }
  return { data: result, width, height };
}

/** In float32, so that what lies between two pixels falls to TensorFlow's side. */
function linear(a: number, b: number, c: number, column: number, row: number): number {
  return Math.fround(Math.fround(Math.fround(a * column) + Math.fround(b * row)) + c);
}

interface Source extends WarpOptions {
  readonly data: Pixels["data"];
  readonly width: number;
  readonly height: number;
  readonly depth: number;
}

/** Brings a coordinate into the picture, as the fill mode says. */
function place(coordinate: number, length: number, mode: FillMode): number {
  if (mode === "constant" || !Number.isFinite(coordinate)) return coordinate;
  if (mode === "nearest") return Math.min(Math.max(coordinate, 0), length - 1);
  if (mode === "wrap") return inside(wrapped(coordinate, length), length);
  const period = 2 * length;
  const folded = coordinate - period * Math.floor(coordinate / period);
  return inside(folded < length ? folded : period - folded - 1, length);
}

/** As TensorFlow does: what lies between the last pixel and the first counts as neither. */
function wrapped(coordinate: number, length: number): number {
  if (length === 1) return 0;
  if (coordinate < 0) return coordinate + length * (Math.trunc(-coordinate / (length - 1)) + 1);
  return coordinate > length - 1 ? coordinate - length * Math.trunc(coordinate / (length - 1)) : coordinate;
}

/** Halves away from zero. */
function round(coordinate: number): number {
  return Math.sign(coordinate) * Math.floor(Math.abs(coordinate) + 0.5);
}

function inside(coordinate: number, length: number): number {
  return Math.min(Math.max(coordinate, 0), length - 1);
}

function readNearest(source: Source, x: number, y: number, result: Uint8Array, at: number): void {
  const column = round(x);
  const row = round(y);
  for (let channel = 0; channel < source.depth; channel++) result[at + channel] = level(source, column, row, channel);
}

function readBilinear(source: Source, x: number, y: number, result: Uint8Array, at: number): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const right = x - left;
  const down = y - top;
  for (let channel = 0; channel < source.depth; channel++) {
    const above = level(source, left, top, channel) * (1 - right) + level(source, left + 1, top, channel) * right;
    const below =
      level(source, left, top + 1, channel) * (1 - right) + level(source, left + 1, top + 1, channel) * right;
    result[at + channel] = Math.floor(above * (1 - down) + below * down + 0.5);
  }
}

function level(
  { data, width, height, depth, fillValue, fillMode }: Source,
  x: number,
  y: number,
  channel: number,
): number {
  if (x >= 0 && y >= 0 && x < width && y < height) return data[(y * width + x) * depth + channel] ?? 0;
  if (fillMode === "constant" || !(Number.isFinite(x) && Number.isFinite(y))) return fillValue;
  // The neighbour of a pixel at the edge.
  return data[(inside(y, height) * width + inside(x, width)) * depth + channel] ?? 0;
}
