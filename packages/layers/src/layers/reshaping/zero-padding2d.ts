import type { Options } from "@featuremap/tensor";
import type { KerasName } from "../../config/keras-object.ts";
import type { DataFormat } from "../../config/options.ts";
import type { LayerConfig } from "../../layer/layer-config.ts";
import type { Margins2D } from "./margins.ts";
import { ZeroPadding, zeroPaddingOptions } from "./zero-padding.ts";

export interface ZeroPadding2DConfig extends LayerConfig {
  /** Zeros on all sides, `[vertical, horizontal]` or `[[top, bottom], [left, right]]`. Default: 1. */
  readonly padding?: Margins2D | undefined;
  readonly dataFormat?: KerasName<DataFormat> | undefined;
}

/**
 * Puts zeros around images.
 *
 * Shape: `[batch, height, width, channels]` to `[batch, top + height + bottom, left + width + right, channels]`, channels
 * second with `channelsFirst`.
 * Source: Keras `ZeroPadding2D`.
 *
 * @throws {InvalidConfigError} `padding` has other than integers of at least 0, or not for every side.
 */
export class ZeroPadding2D extends ZeroPadding<2, ZeroPadding2DConfig> {
  static override readonly className: string = "ZeroPadding2D";
  static override readonly options: Options<ZeroPadding2DConfig> = zeroPaddingOptions(2);

  constructor(config: ZeroPadding2DConfig = {}) {
    super(config, 2);
  }
}
