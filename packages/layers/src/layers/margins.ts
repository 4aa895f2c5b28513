import { InvalidConfigError, type Shape } from "@featuremap/tensor";
import type { ConfigReader } from "../config-reader.ts";
import type { LayerConfig } from "../layer-config.ts";
import { Layer } from "../layer.ts";
import type { DataFormat } from "./options.ts";
import { readSpatialShape, writeSpatialShape } from "./spatial.ts";

/** Elements at the start and at the end of an axis. */
export type Margin = readonly [number, number];

/** Elements at start and end, or one number for both. */
export type Margins1D = number | Margin;

/** For height and for width, each as for rows; or one number for all four sides. */
export type Margins2D = number | readonly [Margins1D, Margins1D];

/** @throws {InvalidConfigError} they are no integers of at least 0. */
export function requireMargins1D(owner: string, option: string, value: Margins1D): readonly [Margin] {
  const margin = marginOf(value);
  if (margin !== undefined) return [margin];
  throw new InvalidConfigError(owner, option, "an integer of at least 0, or two of them", value);
}

/** @throws {InvalidConfigError} they are no integers of at least 0. */
export function requireMargins2D(owner: string, option: string, value: Margins2D): readonly [Margin, Margin] {
  const margins = margins2dOf(value);
  if (margins !== undefined) return margins;
  throw new InvalidConfigError(
    owner,
    option,
    "an integer of at least 0, two of them, or [[top, bottom], [left, right]]",
    value,
  );
}

/** The option of rows in Keras's config. */
export function readMargins1D(reader: ConfigReader, key: string): Margin | undefined {
  const value = reader.take(key);
  return value === undefined ? undefined : (marginOf(value) ?? reader.fail(key, "a number or two", value));
}

/** The option of images in Keras's config. */
export function readMargins2D(reader: ConfigReader, key: string): readonly [Margin, Margin] | undefined {
  const value = reader.take(key);
  return value === undefined ? undefined : (margins2dOf(value) ?? reader.fail(key, "numbers for four sides", value));
}

function margins2dOf(value: unknown): readonly [Margin, Margin] | undefined {
  const both: readonly unknown[] = Array.isArray(value) ? value : [value, value];
  const [height, width] = both.map(marginOf);
  return both.length === 2 && height !== undefined && width !== undefined ? [height, width] : undefined;
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
  readonly dataFormat: DataFormat;
  protected readonly margins: readonly Margin[];

  /** @param read gives the margins for each spatial axis, and the data format, of options that are known to be some */
  constructor(
    config: Config,
    read: (config: Config) => { readonly margins: readonly Margin[]; readonly dataFormat: DataFormat },
  ) {
    super(config);
    const { margins, dataFormat } = read(config);
    this.margins = margins;
    this.dataFormat = dataFormat;
  }

  /** Length of an axis afterwards; `input` is for errors. */
  protected abstract outputLength(length: number, margin: Margin, input: Shape): number;

  override outputShape(input: Shape): Shape {
    const shape = readSpatialShape(this.name, input, this.dataFormat, this.margins.length === 1 ? 1 : 2);
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
