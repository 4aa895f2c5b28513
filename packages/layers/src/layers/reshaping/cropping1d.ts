import type { Options } from "@featuremap/tensor";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import type { DataFormat } from "../../config/options.ts";
import { Cropping } from "./cropping.ts";
import { type Margin, type Margins1D, marginsOption } from "./margins.ts";

export interface Cropping1DConfig extends LayerConfig {
  /** Steps taken away at the start and at the end, or one number for both. Default: 1. */
  readonly cropping?: Margins1D | undefined;
}

const declared = { cropping: marginsOption(1).default(1) };

/**
 * Takes steps away from both ends of rows.
 *
 * Shape: `[batch, steps, channels]` to `[batch, steps - start - end, channels]`. Source: Keras `Cropping1D`.
 *
 * @throws {InvalidConfigError} `cropping` is not an integer of at least 0, or two of them.
 */
export class Cropping1D extends Cropping<Cropping1DConfig> {
  static override readonly className: string = "Cropping1D";
  static override readonly options: Options<Cropping1DConfig> = { ...declared, ...commonOptions };
  override readonly dataFormat: DataFormat = "channelsLast";
  protected override readonly margins: readonly Margin[];

  constructor(config: Cropping1DConfig = {}) {
    super(config);
    this.margins = this.settle(declared).cropping;
  }
}
