import type { Options } from "@featuremap/tensor";
import type { KerasName } from "../../config/keras-object.ts";
import type { DataFormat } from "../../config/options.ts";
import type { LayerConfig } from "../../layer/layer-config.ts";
import type { Margins3D } from "./margins.ts";
import { ZeroPadding, zeroPaddingOptions } from "./zero-padding.ts";

export interface ZeroPadding3DConfig extends LayerConfig {
  /**
   * Zeros on all sides, `[depth, height, width]` or `[[front, back], [top, bottom], [left, right]]`. Default: 1.
   */
  readonly padding?: Margins3D | undefined;
  readonly dataFormat?: KerasName<DataFormat> | undefined;
}

/**
 * Puts zeros around volumes.
 *
 * Shape: `[batch, depth, height, width, channels]` to the same with the lengths that come of it, channels second with
 * `channelsFirst`.
 * Source: Keras `ZeroPadding3D`.
 *
 * @throws {InvalidConfigError} `padding` has other than integers of at least 0, or not for every side.
 */
export class ZeroPadding3D extends ZeroPadding<3, ZeroPadding3DConfig> {
  static override readonly className: string = "ZeroPadding3D";
  static override readonly options: Options<ZeroPadding3DConfig> = zeroPaddingOptions(3);

  constructor(config: ZeroPadding3DConfig = {}) {
    super(config, 3);
  }
}
