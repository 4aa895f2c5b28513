import type { OptionNames, Padding, Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../config-reader.ts";
import { type KerasName, pythonName } from "../keras-object.ts";
import { type LayerConfig, layerOptions } from "../layer-config.ts";
import { Layer } from "../layer.ts";
import { throughChannelsLast } from "../operations/data-format.ts";
import type { PoolGeometry } from "../operations/pool2d.ts";
import { type DataFormat, type Size2D, requireDataFormat, requirePadding, requireSize } from "./options.ts";
import { slidingOutputShape } from "./window.ts";

export interface Pooling2DConfig extends LayerConfig {
  /** Height and width of the window. */
  readonly poolSize: Size2D;
  /** Steps of the window; its own size unless said otherwise. */
  readonly strides?: Size2D | null | undefined;
  /** `valid` unless said otherwise. */
  readonly padding?: Padding | undefined;
  readonly dataFormat?: KerasName<DataFormat> | undefined;
}

/** The names of these options. */
export const poolingOptions: OptionNames<Pooling2DConfig> = {
  ...layerOptions,
  poolSize: true,
  strides: true,
  padding: true,
  dataFormat: true,
};

/** A window that slides over each channel by itself and makes one number of what it covers. */
export abstract class Pooling2D<Config extends Partial<Pooling2DConfig>> extends Layer<Config> {
  readonly dataFormat: DataFormat;
  readonly #geometry: PoolGeometry;

  /** @param usualSize of a window where the config says none */
  constructor(config: Config, usualSize?: Size2D) {
    super(config);
    const size = requireSize(this.className, "poolSize", config.poolSize ?? usualSize);
    this.#geometry = {
      size,
      strides: requireSize(this.className, "strides", config.strides ?? size),
      padding: requirePadding(this.className, config.padding),
    };
    this.dataFormat = requireDataFormat(this.className, config.dataFormat);
  }

  /** Pools `[batch, height, width, channels]`. */
  protected abstract pool(images: tf.Tensor4D, geometry: PoolGeometry): tf.Tensor;

  protected override get buildsFromShape(): boolean {
    return false;
  }

  override outputShape(input: Shape): Shape {
    return slidingOutputShape(this.name, input, this.#geometry, this.dataFormat);
  }

  override call(input: tf.Tensor): tf.Tensor {
    const pool = (images: tf.Tensor): tf.Tensor => this.pool(images as tf.Tensor4D, this.#geometry);
    return this.dataFormat === "channelsFirst" ? throughChannelsLast(input, pool) : pool(input);
  }

  override getConfig(): Record<string, unknown> {
    const { size, padding, strides } = this.#geometry;
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
export function readPoolingConfig(reader: ConfigReader): Pooling2DConfig {
  return {
    ...reader.base(),
    poolSize: reader.pair("pool_size") ?? 0,
    strides: reader.pair("strides"),
    padding: reader.word("padding", ["valid", "same"]),
    dataFormat: reader.word("data_format", ["channels_last", "channels_first"]),
  };
}
