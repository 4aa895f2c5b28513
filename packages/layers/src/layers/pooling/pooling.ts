import type { OptionNames, Padding, Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../config/config-reader.ts";
import { type KerasName, pythonName } from "../../config/keras-object.ts";
import { type LayerConfig, layerOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { throughChannelsLast, type InnerWork } from "@featuremap/operations";
import { elementsOf } from "../../config/element-counts.ts";
import {
  type DataFormat,
  type InEitherCase,
  commonPaddings,
  requireDataFormat,
  requirePadding,
} from "../../config/options.ts";
import {
  type Lengths,
  type Size,
  type SpatialRank,
  readSpatialShape,
  requireLengths,
  slidingShape,
} from "../../config/spatial.ts";

/** What pooling layers take. */
export interface PoolingConfig<Rank extends SpatialRank> extends LayerConfig {
  /** Length of the window along each spatial axis. */
  readonly poolSize: Size<Rank>;
  /** Steps of the window; its own size unless said otherwise. */
  readonly strides?: Size<Rank> | null | undefined;
  /** `valid` unless said otherwise. */
  readonly padding?: InEitherCase<Padding> | undefined;
  readonly dataFormat?: KerasName<DataFormat> | undefined;
}

/** The names of these options. */
export const poolingOptions: OptionNames<PoolingConfig<SpatialRank>> = {
  poolSize: true,
  strides: true,
  padding: true,
  dataFormat: true,
  ...layerOptions,
};

/** How a pooling window moves. */
export interface PoolWindow<Rank extends SpatialRank> {
  readonly size: Lengths<Rank>;
  readonly strides: Lengths<Rank>;
  readonly padding: Padding;
}

/** A window that slides over each channel by itself and makes one number of what it covers. */
export abstract class Pooling<
  Rank extends SpatialRank,
  Config extends Partial<PoolingConfig<Rank>>,
> extends Layer<Config> {
  readonly dataFormat: DataFormat;
  /** How the window moves. */
  readonly window: PoolWindow<Rank>;
  readonly #rank: Rank;

  /** @param usualSize of a window where the config says none */
  constructor(config: Config, rank: Rank, usualSize?: number) {
    super(config);
    const size = requireLengths<Rank>(this.className, "poolSize", config.poolSize ?? usualSize, rank);
    this.#rank = rank;
    this.window = {
      size,
      strides: requireLengths<Rank>(this.className, "strides", config.strides ?? size, rank),
      padding: requirePadding(this.className, config.padding, commonPaddings),
    };
    this.dataFormat = requireDataFormat(this.className, config.dataFormat);
  }

  /** Pools an input whose channels are last. */
  protected abstract pool(input: tf.Tensor, window: PoolWindow<Rank>): tf.Tensor;

  protected override get buildsFromShape(): boolean {
    return false;
  }

  override outputShape(input: Shape): Shape {
    return slidingShape(this.name, input, this.window, this.dataFormat, this.#rank);
  }

  /** The elements under a window; volumes are pooled plane by plane, and then along their depth. */
  protected override innerWork([input = []]: readonly Shape[], [output = []]: readonly Shape[]): InnerWork {
    const { batch, lengths, channels } = readSpatialShape(this.name, input, this.dataFormat, this.#rank);
    const pooled = readSpatialShape(this.name, output, this.dataFormat, this.#rank).lengths;
    const window = this.window.size.map((length, axis) => Math.min(length, lengths[axis] ?? 1));
    const reads = (shape: Shape, under: Shape): number => elementsOf([batch, ...shape, channels]) * elementsOf(under);
    if (this.#rank < 3) return { operations: reads(pooled, window), elements: 0 };
    const [[depth = 1], [depthUnder = 1]] = [lengths, window];
    const planes = [depth, ...pooled.slice(1)];
    return { operations: reads(planes, window.slice(1)) + reads(pooled, [depthUnder]), elements: 0 };
  }

  override call(input: tf.Tensor): tf.Tensor {
    const pool = (data: tf.Tensor): tf.Tensor => this.pool(data, this.window);
    return this.dataFormat === "channelsFirst" ? throughChannelsLast(input, pool) : pool(input);
  }

  override getConfig(): Record<string, unknown> {
    const { size, padding, strides } = this.window;
    return {
      ...super.getConfig(),
      pool_size: size,
      padding,
      strides,
      data_format: pythonName(this.dataFormat),
    };
  }
}

/** The options of a pooling layer in Keras's config. */
export function readPoolingConfig<Rank extends SpatialRank>(reader: ConfigReader, rank: Rank): PoolingConfig<Rank> {
  return {
    ...reader.base(),
    poolSize: reader.size("pool_size", rank) ?? 0,
    strides: reader.size("strides", rank),
    padding: reader.word("padding", commonPaddings),
    dataFormat: reader.word("data_format", ["channels_last", "channels_first"]),
  };
}
