import { type Padding, type Shape, ShapeError, convolutionOutputSize, formatShape } from "@featuremap/tensor";
import type { DataFormat } from "./options.ts";

/** How many axes of a batch are neither batch nor channels: 1 for rows, 2 for images, 3 for volumes. */
export type SpatialRank = 1 | 2 | 3;

/** One number for each spatial axis. */
export type Lengths<Rank extends SpatialRank> = {
  1: readonly [number];
  2: readonly [number, number];
  3: readonly [number, number, number];
}[Rank];

/** One number for all spatial axes, or one for each. */
export type Size<Rank extends SpatialRank> = number | Lengths<Rank>;

/** One length, or a list of it alone. */
export type Size1D = Size<1>;

/** Depth, height and width, or one number for all three. */
export type Size3D = Size<3>;

const axisNames: Readonly<Record<SpatialRank, string>> = {
  1: "steps",
  2: "height, width",
  3: "depth, height, width",
};

/** The lengths of a batch, whatever the data format. */
export interface SpatialShape {
  readonly batch: number | null;
  readonly lengths: readonly (number | null)[];
  readonly channels: number | null;
}

/** @throws {ShapeError} the shape does not have the axes of that rank. */
export function readSpatialShape(owner: string, shape: Shape, format: DataFormat, rank: SpatialRank): SpatialShape {
  if (shape.length !== rank + 2) {
    const names = axisNames[rank];
    const axes = format === "channelsLast" ? `(batch, ${names}, channels)` : `(batch, channels, ${names})`;
    throw new ShapeError(owner, "input", axes, formatShape(shape));
  }
  const [batch = null, ...others] = shape;
  return format === "channelsLast"
    ? { batch, lengths: others.slice(0, -1), channels: others.at(-1) ?? null }
    : { batch, lengths: others.slice(1), channels: others[0] ?? null };
}

export function writeSpatialShape({ batch, lengths, channels }: SpatialShape, format: DataFormat): Shape {
  return format === "channelsLast" ? [batch, ...lengths, channels] : [batch, channels, ...lengths];
}

/** A window that slides over the spatial axes. */
export interface SlidingWindow {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  /** `causal` adds all its zeros before the first element, and gives as long an output as `same`. */
  readonly padding: Padding | "causal";
  readonly dilation?: readonly number[];
}

/**
 * Shape of what comes out where a window slides.
 *
 * @param channels channels that come out; those of the input where absent
 * @throws {ShapeError} the input has other axes, or is smaller than the window.
 */
export function slidingShape(
  owner: string,
  input: Shape,
  window: SlidingWindow,
  format: DataFormat,
  rank: SpatialRank,
  channels?: number,
): Shape {
  const shape = readSpatialShape(owner, input, format, rank);
  const { size, strides, padding, dilation } = window;
  const lengths = shape.lengths.map((length, axis) => {
    if (length === null) return null;
    const rule = padding === "causal" ? "same" : padding;
    const output = convolutionOutputSize(length, size[axis] ?? 1, strides[axis], rule, dilation?.[axis]);
    if (output > 0) return output;
    throw new ShapeError(owner, "input", `at least as large as the window ${formatShape(size)}`, formatShape(input));
  });
  return writeSpatialShape({ ...shape, lengths, channels: channels ?? shape.channels }, format);
}
