import type { Options } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { padEnds } from "@featuremap/operations";
import type { KerasName } from "../../config/keras-object.ts";
import { dataFormatOption } from "../../config/kinds.ts";
import type { DataFormat } from "../../config/options.ts";
import type { SpatialRank } from "../../config/spatial.ts";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { type Margin, MarginLayer, type Margins, marginsOption } from "./margins.ts";

interface ZeroPaddingConfig<Rank extends SpatialRank> extends LayerConfig {
  readonly padding?: Margins[Rank] | undefined;
  readonly dataFormat?: KerasName<DataFormat> | undefined;
}

/** The options of padding along that many axes. */
export function zeroPaddingOptions<Rank extends SpatialRank>(rank: Rank): Options<ZeroPaddingConfig<Rank>> {
  return { ...paddingOptions(rank), ...commonOptions };
}

function paddingOptions<Rank extends SpatialRank>(rank: Rank) {
  return { padding: marginsOption(rank).default(1), dataFormat: dataFormatOption() };
}

/** Puts zeros at the ends of the spatial axes. */
export abstract class ZeroPadding<
  Rank extends SpatialRank,
  Config extends ZeroPaddingConfig<Rank>,
> extends MarginLayer<Config> {
  override readonly dataFormat: DataFormat;
  protected override readonly margins: readonly Margin[];

  constructor(config: Config, rank: Rank) {
    super(config);
    ({ padding: this.margins, dataFormat: this.dataFormat } = this.settle(paddingOptions(rank)));
  }

  protected override outputLength(length: number, [start, end]: Margin): number {
    return start + length + end;
  }

  override call(input: tf.Tensor): tf.Tensor {
    return padEnds(input, this.allMargins());
  }
}
