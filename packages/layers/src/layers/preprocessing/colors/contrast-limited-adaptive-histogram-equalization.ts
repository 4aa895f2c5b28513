import { InvalidConfigError, type OptionNames, type Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../../config/config-reader.ts";
import { layerOptions } from "../../../layer/layer-config.ts";
import { equalizeTiles, type InnerWork } from "@featuremap/operations";
import { elementsOf } from "../../../config/element-counts.ts";
import { readImageConfig } from "../augmentation-layer.ts";
import type { ImageLayerConfig } from "../image-layer.ts";
import { ImageTransformLayer } from "../image-transform-layer.ts";
import { isList } from "../../../config/options.ts";
import { requireLengths } from "../../../config/spatial.ts";
import {
  type ValueRange,
  type ValueRangeConfig,
  bytes,
  readValueRange,
  requireValueRange,
  toValueRange,
} from "../value-range.ts";

export interface ContrastLimitedAdaptiveHistogramEqualizationConfig extends ImageLayerConfig, ValueRangeConfig {
  /** How many times the mean a value may count in its tile; 0 or less for no limit. Default: 4. */
  readonly clipLimit?: number | undefined;
  /** Tiles from top to bottom and from left to right. Default: 8 by 8. */
  readonly tileGridSize?: readonly [number, number] | undefined;
}

/**
 * Spreads the values of each channel over the value range, in each tile of an image by itself, with a limit to how much contrast
 * it adds, while training and predicting alike.
 *
 * Between the middles of tiles it interpolates. Shape: `[batch, height, width, channels]` to the same shape.
 * Source: Zuiderveld, Graphics Gems IV, 1994; Keras `ContrastLimitedAdaptiveHistogramEqualization`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 */
export class ContrastLimitedAdaptiveHistogramEqualization extends ImageTransformLayer<
  ContrastLimitedAdaptiveHistogramEqualizationConfig,
  null
> {
  static override readonly className = "ContrastLimitedAdaptiveHistogramEqualization";
  static override readonly options: OptionNames<ContrastLimitedAdaptiveHistogramEqualizationConfig> = {
    valueRange: true,
    clipLimit: true,
    tileGridSize: true,
    dataFormat: true,
    ...layerOptions,
  };
  readonly valueRange: ValueRange;
  readonly clipLimit: number;
  readonly tileGridSize: readonly [number, number];

  constructor(config: ContrastLimitedAdaptiveHistogramEqualizationConfig = {}) {
    super(config);
    const { clipLimit = 4, tileGridSize = [8, 8] } = config;
    this.valueRange = requireValueRange(this.className, config.valueRange);
    if (!Number.isFinite(clipLimit)) {
      throw new InvalidConfigError(this.className, "clipLimit", "a finite number", clipLimit);
    }
    if (!isList(tileGridSize)) {
      throw new InvalidConfigError(this.className, "tileGridSize", "two integers of at least 1", tileGridSize);
    }
    this.clipLimit = clipLimit;
    this.tileGridSize = requireLengths(this.className, "tileGridSize", tileGridSize, 2);
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

  override getConfig(): Record<string, unknown> {
    const { valueRange, clipLimit, tileGridSize } = this;
    return {
      ...super.getConfig(),
      value_range: valueRange,
      clip_limit: clipLimit,
      tile_grid_size: tileGridSize,
    };
  }

  static fromConfig(reader: ConfigReader): ContrastLimitedAdaptiveHistogramEqualization {
    const tiles = reader.pair("tile_grid_size");
    return new ContrastLimitedAdaptiveHistogramEqualization({
      ...readImageConfig(reader),
      valueRange: readValueRange(reader),
      clipLimit: reader.number("clip_limit"),
      tileGridSize: typeof tiles === "number" ? reader.fail("tile_grid_size", "two numbers", tiles) : tiles,
    });
  }
}
