import type { Options } from "@featuremap/tensor";
import type { KerasName } from "../../config/keras-object.ts";
import type { DataFormat } from "../../config/options.ts";
import type { LayerConfig } from "../../layer/layer-config.ts";
import type { Margins1D } from "./margins.ts";
import { ZeroPadding, zeroPaddingOptions } from "./zero-padding.ts";

export interface ZeroPadding1DConfig extends LayerConfig {
  /** Zeros at the start and at the end, or one number for both. Default: 1. */
  readonly padding?: Margins1D | undefined;
  readonly dataFormat?: KerasName<DataFormat> | undefined;
}

/**
 * Puts zeros before and after rows.
 *
 * Shape: `[batch, steps, channels]` to `[batch, start + steps + end, channels]`, channels second with `channelsFirst`.
 * Source: Keras `ZeroPadding1D`.
 *
 * @throws {InvalidConfigError} `padding` is not an integer of at least 0, or two of them.
 */
export class ZeroPadding1D extends ZeroPadding<1, ZeroPadding1DConfig> {
  static override readonly className: string = "ZeroPadding1D";
  static override readonly options: Options<ZeroPadding1DConfig> = zeroPaddingOptions(1);

  constructor(config: ZeroPadding1DConfig = {}) {
    super(config, 1);
  }
}
