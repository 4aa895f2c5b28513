import { Option, type Options, type Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { equalizeTiles, type InnerWork } from "@featuremap/operations";
import { elementsOf } from "../../../config/element-counts.ts";
import { isList } from "../../../config/options.ts";
import { type ImageLayerConfig, imageOptions } from "../image-layer.ts";
import { ImageTransformLayer } from "../image-transform-layer.ts";
import { type ValueRange, type ValueRangeConfig, bytes, toValueRange, valueRangeOption } from "../value-range.ts";

export interface ContrastLimitedAdaptiveHistogramEqualizationConfig extends ImageLayerConfig, ValueRangeConfig {
  /** The most pixels of one value in a tile, as a multiple of the mean; 0 or less for no limit. Default: 4. */
  readonly clipLimit?: number | undefined;
  /** Tiles from top to bottom and from left to right. Default: 8 by 8. */
  readonly tileGridSize?: readonly [number, number] | undefined;
}

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1;

const declared = {
  valueRange: valueRangeOption(),
  clipLimit: Option.number().notNull().default(4),
  tileGridSize: Option.plain<readonly [number, number]>({
    expected: "two integers of at least 1",
    accepts: (value) => isList(value) && value.length === 2 && value.every(isCount),
    refusesNull: true,
  }).default([8, 8]),
};

/**
 * Spreads the values of each channel over the value range, tile by tile, and limits the contrast that this adds; in training and
 * prediction alike.
 *
 * Pixels between the middles of tiles are interpolated. Shape: `[batch, height, width, channels]` to the same shape.
 * Source: Zuiderveld, Graphics Gems IV, 1994; Keras `ContrastLimitedAdaptiveHistogramEqualization`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 */
export class ContrastLimitedAdaptiveHistogramEqualization extends ImageTransformLayer<
  ContrastLimitedAdaptiveHistogramEqualizationConfig,
  null
> {
  static override readonly className: string = "ContrastLimitedAdaptiveHistogramEqualization";
  static override readonly options: Options<ContrastLimitedAdaptiveHistogramEqualizationConfig> = {
    ...declared,
    ...imageOptions,
  };
  readonly valueRange: ValueRange;
  readonly clipLimit: number;
  readonly tileGridSize: readonly [number, number];

  constructor(config: ContrastLimitedAdaptiveHistogramEqualizationConfig = {}) {
    super(config);
    const values = this.settle(declared);
    this.valueRange = values.valueRange;
    this.clipLimit = values.clipLimit;
    this.tileGridSize = values.tileGridSize;
  }

  protected override isActive(): boolean {
    return true;
  }

  protected override innerWork(_inputs: readonly Shape[], [output = []]: readonly Shape[]): InnerWork {
    const { batch, height, width, channels } = this.imagesOf(output);
    const [rows, columns] = this.tileGridSize;
    const tiled = [Math.ceil((height ?? 1) / rows) * rows, Math.ceil((width ?? 1) / columns) * columns];
    const tables = 256 * elementsOf([batch, channels, rows, columns]);
    const pixels = elementsOf([batch, channels, ...tiled]);
    return { operations: pixels + 4 * (tables + elementsOf(output)), elements: 2 * (pixels + tables) };
  }

  protected override drawTransformation(): null {
    return null;
  }

  protected override transform(images: tf.Tensor): tf.Tensor {
    const values = toValueRange(images, this.valueRange, bytes);
    return toValueRange(equalizeTiles(values, this.tileGridSize, this.clipLimit), bytes, this.valueRange);
  }
}
