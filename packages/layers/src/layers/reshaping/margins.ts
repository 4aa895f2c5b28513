import { InvalidConfigError, Option, type Shape } from "@featuremap/tensor";
import type { LayerConfig } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import type { DataFormat } from "../../config/options.ts";
import { type SpatialRank, readSpatialShape, writeSpatialShape } from "../../config/spatial.ts";

/** Elements at the start and at the end of an axis. */
export type Margin = readonly [number, number];

/** Elements at start and end, or one number for both. */
export type Margins1D = number | Margin;

/** For height and for width, each as for rows; or one number for all four sides. */
export type Margins2D = number | readonly [Margins1D, Margins1D];

/** For depth, height and width, each as for rows; or one number for all six sides. */
export type Margins3D = number | readonly [Margins1D, Margins1D, Margins1D];

/** What an option of margins takes. */
export interface Margins {
  1: Margins1D;
  2: Margins2D;
  3: Margins3D;
}

const described: Readonly<Record<SpatialRank, string>> = {
  1: "an integer of at least 0, or two of them",
  2: "an integer of at least 0, two of them, or [[top, bottom], [left, right]]",
  3: "an integer of at least 0, three of them, or [[front, back], [top, bottom], [left, right]]",
};

/** The margins of each spatial axis. */
export function marginsOption<Rank extends SpatialRank>(rank: Rank): Option<Margins[Rank], readonly Margin[]> {
  const expected = described[rank];
  return new Option<Margins[Rank], readonly Margin[]>({
    check: (owner, name, given: Margins[Rank]) => {
      const margins = marginsOf(given, rank);
      if (margins !== undefined) return margins;
      throw new InvalidConfigError(owner, name, expected, given);
    },
    read: (saved, key) => {
      const value = saved.take(key);
      return marginsOf(value, rank) === undefined ? saved.fail(key, expected, value) : value;
    },
    write: (margins) => (rank === 1 ? margins[0] : margins),
    refusesNull: true,
  });
}

function marginsOf(value: unknown, rank: SpatialRank): readonly Margin[] | undefined {
  if (rank === 1) {
    const margin = marginOf(value);
    return margin && [margin];
  }
  const all: readonly unknown[] = Array.isArray(value) ? value : Array.from({ length: rank }, () => value);
  const margins = all.map(marginOf).filter((margin) => margin !== undefined);
  return all.length === rank && margins.length === rank ? margins : undefined;
}

function marginOf(value: unknown): Margin | undefined {
  const both: readonly unknown[] = Array.isArray(value) ? value : [value, value];
  const [start, end] = both;
  return both.length === 2 && isCount(start) && isCount(end) ? [start, end] : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}

/** A layer that makes the spatial axes longer or shorter at their ends. */
export abstract class MarginLayer<Config extends LayerConfig> extends Layer<Config> {
  abstract readonly dataFormat: DataFormat;
  /** Those of each spatial axis. */
  protected abstract readonly margins: readonly Margin[];

  /** Length of an axis afterwards; `input` is for errors. */
  protected abstract outputLength(length: number, margin: Margin, input: Shape): number;

  override outputShape(input: Shape): Shape {
    const shape = readSpatialShape(this.name, input, this.dataFormat, this.margins.length as SpatialRank);
    const lengths = shape.lengths.map((length, axis) =>
      length === null ? null : this.outputLength(length, this.margins[axis] ?? [0, 0], input),
    );
    return writeSpatialShape({ ...shape, lengths }, this.dataFormat);
  }

  /** The margins of all axes, with nothing for batch and channels. */
  protected allMargins(): [number, number][] {
    const spatial = this.margins.map(([start, end]): [number, number] => [start, end]);
    return this.dataFormat === "channelsLast" ? [[0, 0], ...spatial, [0, 0]] : [[0, 0], [0, 0], ...spatial];
  }
}
