import { type Options, type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { KerasName } from "../../../config/keras-object.ts";
import { type LayerConfig, commonOptions } from "../../../layer/layer-config.ts";
import { Layer } from "../../../layer/layer.ts";
import { adaptivePool, elementsUnder, throughChannelsLast, type InnerWork } from "@featuremap/operations";
import { elementsOf } from "../../../config/element-counts.ts";
import { onceForEach } from "../../../config/once-for-each.ts";
import { dataFormatOption, lengthsOption } from "../../../config/kinds.ts";
import type { DataFormat } from "../../../config/options.ts";
import {
  type Lengths,
  type Size,
  type SpatialRank,
  readSpatialShape,
  writeSpatialShape,
} from "../../../config/spatial.ts";

/** What pooling to a given size takes. */
export interface AdaptivePoolingConfig<Rank extends SpatialRank> extends LayerConfig {
  /** Length of the output along each spatial axis. */
  readonly outputSize: Size<Rank>;
  readonly dataFormat?: KerasName<DataFormat> | undefined;
}

const sizeOptions = onceForEach(<Rank extends SpatialRank>(rank: Rank) => ({
  outputSize: lengthsOption(rank),
  dataFormat: dataFormatOption(),
}));

/** These options, for outputs of that rank. */
export function adaptivePoolingOptions<Rank extends SpatialRank>(rank: Rank): Options<AdaptivePoolingConfig<Rank>> {
  return { ...sizeOptions(rank), ...commonOptions };
}

/** Pools to an output of a given size: windows share each axis evenly, and each gives one number for each channel. */
export abstract class AdaptivePooling<Rank extends SpatialRank> extends Layer<AdaptivePoolingConfig<Rank>> {
  readonly outputSize: Lengths<Rank>;
  readonly dataFormat: DataFormat;
  readonly #rank: Rank;

  constructor(config: AdaptivePoolingConfig<Rank>, rank: Rank) {
    super(config);
    this.#rank = rank;
    ({ outputSize: this.outputSize, dataFormat: this.dataFormat } = this.settle(sizeOptions(rank)));
  }

  /** How the elements under a window become one number. */
  protected abstract readonly kind: "average" | "max";

  override outputShape(input: Shape): Shape {
    const shape = readSpatialShape(this.name, input, this.dataFormat, this.#rank);
    if (shape.lengths.includes(0)) throw new ShapeError(this.name, "input", "without empty axes", formatShape(input));
    return writeSpatialShape({ ...shape, lengths: this.outputSize }, this.dataFormat);
  }

  /** The elements under all windows, axis by axis. */
  protected override innerWork([input = []]: readonly Shape[]): InnerWork {
    const { batch, lengths, channels } = readSpatialShape(this.name, input, this.dataFormat, this.#rank);
    const pooled = lengths.map((length) => length ?? 1);
    let [operations, elements] = [0, 0];
    for (const [axis, count] of (this.outputSize as readonly number[]).entries()) {
      pooled[axis] = elementsUnder(pooled[axis] ?? 1, count);
      const under = elementsOf([batch, ...pooled, channels]);
      operations += under;
      elements = Math.max(elements, under);
      pooled[axis] = count;
    }
    return { operations, elements };
  }

  override call(input: tf.Tensor): tf.Tensor {
    const pool = (data: tf.Tensor): tf.Tensor => adaptivePool(data, this.outputSize, this.kind);
    return this.dataFormat === "channelsFirst" ? throughChannelsLast(input, pool) : pool(input);
  }
}
