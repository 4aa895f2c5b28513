import type { Options, Padding, Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { KerasName } from "../../config/keras-object.ts";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { throughChannelsLast, type InnerWork } from "@featuremap/operations";
import { elementsOf } from "../../config/element-counts.ts";
import { onceForEach } from "../../config/once-for-each.ts";
import { dataFormatOption, lengthsOption, paddingOption } from "../../config/kinds.ts";
import type { DataFormat, InEitherCase } from "../../config/options.ts";
import { type Lengths, type Size, type SpatialRank, readSpatialShape, slidingShape } from "../../config/spatial.ts";

/** What pooling layers take. */
export interface PoolingConfig<Rank extends SpatialRank> extends LayerConfig {
  /** Length of the window along each spatial axis. */
  readonly poolSize: Size<Rank>;
  /** Steps of the window. Default: its own size. */
  readonly strides?: Size<Rank> | null | undefined;
  /** Default: `valid`. */
  readonly padding?: InEitherCase<Padding> | undefined;
  readonly dataFormat?: KerasName<DataFormat> | undefined;
}

const windowOptions = onceForEach(<Rank extends SpatialRank>(rank: Rank, usualSize: number | undefined) => ({
  poolSize: lengthsOption(rank).default(usualSize),
  strides: lengthsOption(rank).defaultTo("poolSize"),
  padding: paddingOption(),
  dataFormat: dataFormatOption(),
}));

/** These options, for windows of so many axes and of that length where none is given. */
export function poolingOptions<Rank extends SpatialRank>(
  rank: Rank,
  usualSize?: number,
): Options<Partial<PoolingConfig<Rank>>> {
  return { ...windowOptions(rank, usualSize), ...commonOptions };
}

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
    const { poolSize, strides, padding, dataFormat } = this.settle(windowOptions(rank, usualSize));
    this.#rank = rank;
    this.window = { size: poolSize, strides, padding };
    this.dataFormat = dataFormat;
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
}
